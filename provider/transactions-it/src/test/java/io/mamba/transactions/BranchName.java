package io.mamba.transactions;

import java.nio.charset.StandardCharsets;
import javax.transaction.xa.Xid;

/** A branch as a transaction manager of our own names it. */
record BranchName(String transaction) implements Xid {
    @Override
    public int getFormatId() {
        return 0x4d41;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return transaction.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
        return new byte[] {1};
    }

    /** The transaction that a recovered branch belongs to. */
    static String of(Xid branch) {
        return new String(branch.getGlobalTransactionId(), StandardCharsets.UTF_8);
    }
}
