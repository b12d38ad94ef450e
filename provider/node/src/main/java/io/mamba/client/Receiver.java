package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import io.mamba.node.Lane;
import io.mamba.selector.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages for its session, one at a time, of the only lane of a queue or subscription, or in turn of those that it has in
 * several partitions. A delivery it returns is acquired but bears no mark yet: call {@link Delivery#mark} before user code sees
 * the message, or give it back.
 *
 * <p>Its fields are owned by its lock, under which it asks its parts for news but does not wait for them.
 */
public final class Receiver implements AutoCloseable {
    private final Object lock = new Object();
    private final ClientSession session;
    private final List<LaneReceiver> parts;
    private final Address source;
    private final Runnable onClose;
    private boolean closed;
    private boolean wanted;
    /** Who is asked first: the one after that which had a message last. */
    private int next;

    private @Nullable Consumer<Delivery> sink;

    /** @param lanes of one queue or subscription, at least one */
    Receiver(ClientSession session, List<Lane> lanes, @Nullable Selector selector, Runnable onClose) {
        this.session = session;
        this.parts = lanes.stream()
                .map(lane -> new LaneReceiver(session, lane, selector, this::hear))
                .toList();
        this.source = lanes.get(0).id().destination();
        this.onClose = onClose;
    }

    /** Waits up to the timeout (null: for ever); null when it has passed or the receiver is closed. */
    public @Nullable Delivery receive(@Nullable Duration timeout) {
        long end = timeout == null ? 0 : System.nanoTime() + timeout.toNanos();
        Delivery message = take();
        boolean interrupted = false;
        boolean over = message != null;
        while (!over) {
            try {
                parts.forEach(LaneReceiver::demand);
                over = !awaitNews(timeout == null, end);
            } catch (InterruptedException disturbed) {
                interrupted = true;
            } finally {
                parts.forEach(LaneReceiver::endDemand);
            }
            message = arrived(); // null also if what came was taken back by a stop, or had gone
            if (message == null && !isClosed()) {
                parts.forEach(LaneReceiver::checkExists);
            }
            over |= message != null || interrupted || isClosed();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            if (message == null) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE, "The thread was interrupted while it waited for a message of " + source);
            }
        }
        return message;
    }

    /** One of those that have come for demands; others go back. */
    private @Nullable Delivery arrived() {
        Delivery first = null;
        for (LaneReceiver part : parts) {
            Delivery arrived = part.arrived();
            if (first == null) {
                first = arrived;
            } else if (arrived != null) {
                part.giveBack(arrived);
            }
        }
        return first;
    }

    /** Null if nothing is deliverable now. Whatever a send or commit returned before is seen. */
    public @Nullable Delivery receiveNow() {
        Delivery now = take();
        if (now == null && parts.stream().filter(LaneReceiver::awaitSeen).count() > 0) {
            now = take();
        }
        return now;
    }

    /** Null if nothing is deliverable, as far as is known here: for those who ask for what comes then. */
    public @Nullable Delivery take() {
        int first;
        synchronized (lock) {
            first = next;
        }
        for (int i = 0; i < parts.size(); i++) {
            int asked = (first + i) % parts.size();
            Delivery message = parts.get(asked).take();
            if (message != null) {
                synchronized (lock) {
                    next = (asked + 1) % parts.size();
                }
                return message;
            }
        }
        return null;
    }

    /**
     * From now on {@link #demand} is answered through the sink; null ends that and takes an open demand back. The sink is
     * called by a thread of the node's own and must only pass the delivery on (to an executor, a WorkManager).
     */
    public void sink(@Nullable Consumer<Delivery> sink) {
        synchronized (lock) {
            this.sink = sink;
            wanted &= sink != null;
        }
        parts.forEach(part -> part.sink(sink == null ? null : delivery -> pass(part, delivery)));
    }

    /**
     * Asks for one more delivery through the sink; at most one demand is open, a second is a no-op. It stays open over
     * stop and start of the session.
     */
    public void demand() {
        boolean open;
        synchronized (lock) {
            open = wanted;
            wanted = !closed;
        }
        if (parts.size() == 1 || !(open || passNext())) {
            parts.forEach(LaneReceiver::demand);
        }
    }

    /** Of several parts only one is to be asked if it has a message, as what else they bring goes back. */
    private boolean passNext() {
        Delivery message;
        try {
            message = take();
        } catch (MambaException refused) {
            return false; // the parts' demands wait until the log answers again, or say what else is wrong
        }
        if (message == null) {
            return false;
        }
        session.node().execute(() -> pass(partOf(message), message));
        return true;
    }

    private LaneReceiver partOf(Delivery delivery) {
        return parts.stream()
                .filter(part -> part.lane() == delivery.lane())
                .findFirst()
                .orElseThrow();
    }

    private void pass(LaneReceiver from, Delivery delivery) {
        Consumer<Delivery> target;
        synchronized (lock) {
            target = wanted ? sink : null;
            wanted = false;
        }
        if (target == null) {
            from.giveBack(delivery);
            return;
        }
        for (LaneReceiver part : parts) {
            if (part != from) {
                part.endDemand();
            }
        }
        target.accept(delivery);
    }

    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /**
     * Frees a blocked receive, which returns null; what was taken but not handed out goes back. Deliveries handed out
     * stay the session's. A PLAIN subscription ends. Idempotent.
     */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            lock.notifyAll();
        }
        parts.forEach(LaneReceiver::close);
        session.forget(this);
        onClose.run();
    }

    boolean isFrom(Address destination) {
        return source.equals(destination);
    }

    /** Rules of its own for messages that fail. */
    void redelivery(Redelivery rules) {
        parts.forEach(part -> part.lane().redelivery(rules::over, rules.deadLetters()));
    }

    void start() {
        parts.forEach(LaneReceiver::start);
    }

    void stop() {
        parts.forEach(LaneReceiver::stop);
    }

    /** What was taken from the lanes and waits to be handed out goes back, on return. */
    void giveBackFetched() {
        parts.forEach(LaneReceiver::giveBackFetched);
    }

    /** Called by the inboxes of the lanes too. */
    private void hear() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    private boolean hasNews() {
        return closed || parts.stream().anyMatch(LaneReceiver::hasNews);
    }

    /** False if there are none and the time has passed. */
    private boolean awaitNews(boolean forEver, long end) throws InterruptedException {
        synchronized (lock) {
            while (!hasNews()) {
                if (forEver) {
                    lock.wait();
                } else {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(lock, Math.max(left, 100_000));
                }
            }
            return true;
        }
    }
}
