package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import io.mamba.message.Envelope;

/** Sends dead letters back to where they came from, a hundred in a transaction. */
public final class Redrive {
    private static final int BATCH = 100;

    private Redrive() {}

    /** @return how many were sent back; those that arrive while it runs may be among them or not */
    public static int run(Node node, Address destination) {
        Address deadLetters = DeadLetters.queueFor(destination);
        if (!node.destinations().addresses().contains(deadLetters)) {
            return 0;
        }
        Lane lane = node.queue(deadLetters);
        int limit = node.browse(lane).size();
        int done = 0;
        while (done < limit) {
            int moved = batch(node, lane, Math.min(BATCH, limit - done));
            if (moved == 0) {
                break;
            }
            done += moved;
        }
        return done;
    }

    private static int batch(Node node, Lane lane, int max) {
        long holder = node.newHolder();
        Unit unit = node.newUnit();
        int moved = 0;
        boolean committed = false;
        try {
            while (moved < max) {
                Acquired letter = lane.acquireNow(holder, io.mamba.queue.QueueState.NO_SELECTOR);
                if (letter == null) {
                    break;
                }
                unit.take(lane, holder, letter.position());
                Envelope back = DeadLetters.redriven(
                        node.read(lane, letter.position()), node.now().toEpochMilli());
                if (back == null) {
                    throw new MambaException(
                            ErrorCode.ILLEGAL_STATE,
                            "A message in " + lane.id() + " does not say where it came from (" + DeadLetters.ORIGIN
                                    + " is missing); move it by hand.");
                }
                unit.send(back);
                moved++;
            }
            if (moved > 0) {
                node.commit(unit);
            }
            committed = true;
        } finally {
            if (!committed) {
                node.rollback(unit);
            }
        }
        return moved;
    }
}
