package io.mamba.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.transaction.xa.Xid;

/** One of the two branches of a transaction; the transaction's name begins with that of the JVM that decides. */
record BranchName(String transaction, int branch) implements Xid {
    static final int FORMAT = 0x4d46;

    @Override
    public int getFormatId() {
        return FORMAT;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return transaction.getBytes(UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
        return new byte[] {(byte) branch};
    }

    static BranchName of(Xid branch) {
        return new BranchName(new String(branch.getGlobalTransactionId(), UTF_8), branch.getBranchQualifier()[0]);
    }
}
