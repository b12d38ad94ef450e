package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * One sequence of transactions, under one transactional id: a thread that takes what has queued and writes it as one
 * transaction (group commit).
 *
 * <p>The id is initialized once, when the stripe begins. Who is fenced, or cannot know how a transaction ended, is lost for
 * good: whoever initialized the id again would write on although others have judged it dead.
 *
 * <p>The producer and the group under way are the thread's; all else is guarded by this object's lock.
 */
final class Stripe implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Stripe.class.getName());
    private static final int MOST_RECORDS = 2_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String id;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Runnable flushPlain;
    private final Topics topics;
    private final Records codec;
    private final Tails tails;
    private final LongAdder transactions;
    private final Duration timeout;
    private final Consumer<MambaException> onLost;
    private final Thread thread;
    private final Deque<Append> queue = new ArrayDeque<>();
    private @Nullable MambaException lost;
    private boolean closed;
    /** How many batches are queued or being written: a hint for those who choose. */
    private volatile int waiting;

    private Stripe(
            String id,
            KafkaProducer<byte[], byte[]> producer,
            Engine engine,
            Runnable flushPlain,
            Consumer<MambaException> onLost) {
        this.id = id;
        this.producer = producer;
        this.flushPlain = flushPlain;
        this.topics = engine.topics();
        this.codec = engine.records();
        this.tails = engine.tails();
        this.transactions = engine.transactions();
        this.timeout = engine.options().timeout();
        this.onLost = onLost;
        this.thread = engine.options().threads().newThread(this::run);
    }

    /**
     * Fences whoever used the id before, and begins.
     *
     * @param flushPlain waits for all single records under way
     * @param onLost told once, by the stripe's thread, when it cannot go on
     * @throws MambaException UNAVAILABLE, SECURITY
     */
    static Stripe begin(String id, Engine engine, Runnable flushPlain, Consumer<MambaException> onLost) {
        KafkaProducer<byte[], byte[]> producer = engine.clients().transactional(id);
        try {
            Interrupts.deferred(() -> {
                producer.initTransactions();
                return true;
            });
        } catch (KafkaException failure) {
            producer.close(Duration.ZERO);
            throw KafkaErrors.translate(failure, Doing.WRITE, id);
        }
        Stripe stripe = new Stripe(id, producer, engine, flushPlain, onLost);
        stripe.thread.start();
        return stripe;
    }

    void append(Append append) {
        MambaException refusal;
        synchronized (this) {
            refusal = lost;
            if (refusal == null && closed) {
                refusal = new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed.");
            }
            if (refusal == null) {
                queue.add(append);
                waiting++;
                notifyAll();
            }
        }
        if (refusal != null) {
            append.refused(refusal);
        }
    }

    int waiting() {
        return waiting;
    }

    private void run() {
        List<Append> group = List.of();
        try {
            group = next();
            while (!group.isEmpty()) {
                write(group);
                written(group.size());
                group = next();
            }
        } catch (RuntimeException | Error defect) {
            MambaException reason = new MambaException(ErrorCode.INTERNAL, "A defect in Mamba: " + defect, defect);
            group.forEach(append -> append.refused(reason));
            lose(reason);
        } finally {
            producer.close(isLost() ? Duration.ZERO : CLOSE);
        }
    }

    private synchronized void written(int batches) {
        waiting -= batches;
    }

    /** Waits; empty when it is over. */
    private synchronized List<Append> next() {
        while (queue.isEmpty() && !closed && lost == null) {
            try {
                wait();
            } catch (InterruptedException nobodyDoesThat) {
                closed = true;
            }
        }
        List<Append> group = new ArrayList<>();
        int records = 0;
        Append first = queue.peek();
        while (first != null && (group.isEmpty() || records + first.count() <= MOST_RECORDS)) {
            group.add(queue.remove());
            records += first.count();
            first = queue.peek();
        }
        return group;
    }

    private void write(List<Append> group) {
        try {
            if (group.stream().anyMatch(Append::afterPlain)) {
                flushPlain.run();
            }
            producer.beginTransaction();
            for (Append append : group) {
                append.send(producer, codec);
            }
            producer.flush();
        } catch (KafkaException failure) {
            abort(group, failure);
            return;
        }
        Throwable failure = culprit(group);
        if (failure == null) {
            commit(group);
        } else {
            abort(group, failure);
        }
    }

    private static @Nullable Throwable culprit(List<Append> group) {
        Throwable found = null;
        for (Append append : group) {
            Throwable failure = append.failure();
            if (failure != null && (found == null || KafkaErrors.isBystander(found))) {
                found = failure;
            }
        }
        return found;
    }

    private void commit(List<Append> group) {
        try {
            boolean known = insist(
                    producer::commitTransaction,
                    () -> group.forEach(append ->
                            append.refused(unknown(append.target(), "the Kafka cluster does not answer", null))));
            transactions.increment();
            if (known) {
                group.forEach(append -> append.accepted(tails));
            }
        } catch (KafkaException failure) {
            // What the broker answered to an attempt before this one may have been lost on the way.
            group.forEach(append -> append.refused(unknown(append.target(), failure.toString(), failure)));
            lose(lost(failure));
        }
    }

    private static MambaException unknown(String target, String why, @Nullable Throwable cause) {
        return new MambaException(
                ErrorCode.OUTCOME_UNKNOWN,
                "Whether what was written to '" + target + "' is in the log is not known: " + why + ".",
                cause);
    }

    private MambaException lost(Throwable failure) {
        return KafkaErrors.isFence(failure)
                ? KafkaErrors.translate(failure, Doing.WRITE, id)
                : new MambaException(
                        ErrorCode.FENCED, "How a transaction of '" + id + "' ended is not known: " + failure, failure);
    }

    /** Nothing of the group is in the log. One faulty batch must not take the others with it. */
    private void abort(List<Append> group, Throwable failure) {
        if (KafkaErrors.isFence(failure)) {
            refuse(group, failure);
            lose(lost(failure));
            return;
        }
        topics.limitsMayHaveChanged();
        boolean waitedFor;
        try {
            waitedFor = insist(producer::abortTransaction, () -> refuse(group, failure));
        } catch (KafkaException aborting) {
            refuse(group, KafkaErrors.isFence(aborting) ? aborting : failure);
            lose(lost(aborting));
            return;
        }
        if (!waitedFor) {
            return;
        }
        if (group.size() == 1 || KafkaErrors.isPassing(failure)) {
            refuse(group, failure);
        } else {
            group.forEach(append -> write(List.of(append)));
        }
    }

    private static void refuse(List<Append> group, Throwable failure) {
        for (Append append : group) {
            Throwable own = append.failure();
            append.refused(append.translated(own == null || KafkaErrors.isBystander(own) ? failure : own));
        }
    }

    private interface Attempt {
        void run();
    }

    /**
     * Tries until it is known how the transaction ended, since nothing else can be written before. Who waits for it is told
     * when the time is over, and so is who has queued meanwhile.
     *
     * @return false if they have been told
     */
    private boolean insist(Attempt attempt, Runnable giveUp) {
        boolean waitedFor = true;
        while (true) {
            try {
                attempt.run();
                return waitedFor;
            } catch (org.apache.kafka.common.errors.TimeoutException again) {
                if (waitedFor) {
                    giveUp.run();
                    waitedFor = false;
                }
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "The Kafka cluster does not answer about a transaction of '" + id + "'; trying again: "
                                + again);
                if (expire()) {
                    throw again;
                }
            }
        }
    }

    /** @return whether it is over */
    private boolean expire() {
        List<Append> late = new ArrayList<>();
        boolean over;
        synchronized (this) {
            queue.removeIf(append -> append.isOlderThan(timeout.toNanos()) && late.add(append));
            waiting -= late.size();
            over = closed;
        }
        late.forEach(append -> append.refused(new MambaException(
                ErrorCode.UNAVAILABLE,
                "'" + append.target() + "' could not be written: the Kafka cluster does not answer.")));
        return over;
    }

    private synchronized boolean isLost() {
        return lost != null;
    }

    private void lose(MambaException reason) {
        if (refuseAll(reason)) {
            onLost.accept(reason);
        }
    }

    /**
     * Ends it for good: what is queued and whatever comes is refused.
     *
     * @return whether it is news
     */
    boolean refuseAll(MambaException reason) {
        List<Append> left;
        synchronized (this) {
            if (lost != null) {
                return false;
            }
            lost = reason;
            left = List.copyOf(queue);
            queue.clear();
            notifyAll();
        }
        left.forEach(append -> append.refused(reason));
        return true;
    }

    /** What has queued is written first. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (thread != Thread.currentThread()) {
            Interrupts.join(thread);
        }
    }
}
