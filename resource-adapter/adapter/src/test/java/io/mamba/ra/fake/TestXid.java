package io.mamba.ra.fake;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import javax.transaction.xa.Xid;

/** A branch id. */
public record TestXid(String global, String branch) implements Xid {
    private static final AtomicLong NEXT = new AtomicLong();

    public static TestXid next() {
        return new TestXid("tx-" + NEXT.incrementAndGet() + "-" + System.nanoTime(), "b1");
    }

    @Override
    public int getFormatId() {
        return 4711;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return global.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
        return branch.getBytes(StandardCharsets.UTF_8);
    }
}
