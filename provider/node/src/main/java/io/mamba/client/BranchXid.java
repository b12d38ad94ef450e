package io.mamba.client;

import io.mamba.transaction.BranchId;
import javax.transaction.xa.Xid;

/** A recovered branch's id as transaction managers want it. */
record BranchXid(BranchId id) implements Xid {
    @Override
    public int getFormatId() {
        return id.formatId();
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return id.global();
    }

    @Override
    public byte[] getBranchQualifier() {
        return id.qualifier();
    }
}
