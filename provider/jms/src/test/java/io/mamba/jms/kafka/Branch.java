package io.mamba.jms.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import javax.transaction.xa.Xid;

/** A branch of the transaction of this name. */
record Branch(String name) implements Xid, Serializable {
    @Override
    public int getFormatId() {
        return 4711;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return name.getBytes(UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
        return new byte[] {1};
    }

    boolean is(Xid other) {
        return other.getFormatId() == getFormatId() && new String(other.getGlobalTransactionId(), UTF_8).equals(name);
    }
}
