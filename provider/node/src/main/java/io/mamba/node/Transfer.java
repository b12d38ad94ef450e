package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what waits in a queue elsewhere, a hundred messages in a transaction: each is in one place or the other. */
public final class Transfer {
    private static final int BATCH = 100;

    /** Where a message goes, and as what. */
    private interface Target {
        Envelope of(Envelope message);
    }

    private final Node node;
    private final Lane lane;
    private final @Nullable Selector selector;
    private final Target target;

    private Transfer(Node node, Lane lane, @Nullable Selector selector, Target target) {
        this.node = node;
        this.lane = lane;
        this.selector = selector;
        this.target = target;
    }

    /**
     * Sends the dead letters of a destination back to it.
     *
     * @return how many were sent back; those that arrive while it runs may be among them or not
     */
    public static int redrive(Node node, Address destination) {
        Address deadLetters = DeadLetters.queueFor(destination);
        if (!node.destinations().exists(deadLetters)) {
            return 0;
        }
        return all(node, deadLetters, null, letter -> {
            Envelope back = DeadLetters.redriven(letter, node.now().toEpochMilli());
            if (back == null) {
                throw new MambaException(
                        ErrorCode.ILLEGAL_STATE,
                        "A message in " + deadLetters + " does not say where it came from (" + DeadLetters.ORIGIN
                                + " is missing); move it by MambaAdmin.move.");
            }
            return back;
        });
    }

    /**
     * Moves what waits and is visible in a queue to another destination; messages stay as they are, but are persistent
     * and deliverable at once from then on, without an expiry.
     *
     * @param selector which; null for all
     * @return how many were moved
     */
    public static int move(Node node, Address queue, Address to, @Nullable Selector selector) {
        if (queue.equals(to)) {
            throw new MambaException(ErrorCode.INVALID_ARGUMENT, "Cannot move messages of " + queue + " to itself.");
        }
        node.destinations().use(to);
        return all(
                node,
                queue,
                selector,
                message -> DeadLetters.readdressed(
                        message, to, message.properties(), node.now().toEpochMilli()));
    }

    private static int all(Node node, Address queue, @Nullable Selector selector, Target target) {
        return node.parts(node.queue(queue)).stream()
                .mapToInt(lane -> new Transfer(node, lane, selector, target).run())
                .sum();
    }

    private int run() {
        int number = lane.useSelector(selector);
        try {
            int limit = node.browse(lane).size();
            int done = 0;
            while (done < limit) {
                int moved = batch(number, Math.min(BATCH, limit - done));
                if (moved == 0) {
                    break;
                }
                done += moved;
            }
            return done;
        } finally {
            lane.dropSelector(selector);
        }
    }

    private int batch(int selectorNumber, int max) {
        long holder = node.newHolder();
        Unit unit = node.newUnit();
        int moved = 0;
        boolean committed = false;
        try {
            while (moved < max) {
                List<Acquired> messages = lane.acquireNow(holder, selectorNumber, max - moved);
                if (messages.isEmpty()) {
                    break;
                }
                for (Acquired message : messages) {
                    unit.take(lane, holder, message.position());
                }
                for (Acquired message : messages) {
                    Envelope there = node.find(lane, message.position());
                    if (there != null) { // else the owner of a bound topic has removed it
                        unit.send(target.of(there), holder);
                    }
                }
                moved += messages.size();
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
