package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What one member writes with: an idempotent producer for single records that replace no other, and stripes for all else, of
 * which each thread has one. All of them end together: a member that was fenced writes nothing more. Thread-safe.
 */
final class Writers implements AutoCloseable {
    private final Topics topics;
    private final PlainWriter plain;
    private final List<Stripe> stripes;
    private final ThreadOrder order = new ThreadOrder();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicReference<MambaException> lost = new AtomicReference<>();
    private final Consumer<MambaException> onLost;

    /**
     * Fences nobody, since nobody had the member's name before.
     *
     * @param onLost told once that this member was fenced, by a thread of the engine's
     */
    Writers(Engine engine, TransactionalIds ids, String member, Consumer<MambaException> onLost) {
        this.onLost = onLost;
        this.topics = engine.topics();
        this.plain = new PlainWriter(engine);
        this.stripes = begin(engine, ids, member);
    }

    /** All of them now: a fence has no hold on an id that is used for the first time after it. */
    private List<Stripe> begin(Engine engine, TransactionalIds ids, String member) {
        List<CompletableFuture<Stripe>> beginning = ids.stripes(member).stream()
                .map(id -> {
                    CompletableFuture<Stripe> begun = new CompletableFuture<>();
                    engine.options()
                            .threads()
                            .newThread(() -> {
                                try {
                                    begun.complete(Stripe.begin(id, engine, plain::flush, this::fenced));
                                } catch (RuntimeException | Error failure) {
                                    begun.completeExceptionally(failure);
                                }
                            })
                            .start();
                    return begun;
                })
                .toList();
        try {
            return beginning.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException failure) {
            beginning.forEach(begun -> {
                var unused = begun.thenAccept(Stripe::close);
            });
            plain.close();
            throw KafkaErrors.translate(failure, Doing.WRITE, member);
        }
    }

    /**
     * As {@code Log.append}, for a batch that relies on nothing.
     *
     * @param toldLater as {@code Log.appendToldLater}
     */
    CompletableFuture<long[]> append(List<LogRecord> records, boolean toldLater) {
        long thread = Thread.currentThread().getId();
        if (records.size() > 1 || replaces(records.get(0)) || !order.beginPlain(thread)) {
            return transact(records);
        }
        Append append = new Append(records, false);
        var unused = append.done().whenComplete((positions, failure) -> order.endPlain(thread));
        MambaException reason = lost.get();
        if (reason == null) {
            plain.send(append, toldLater);
        } else {
            append.refused(new MambaException(
                    ErrorCode.FENCED, "This node takes part no more: " + reason.getMessage(), reason));
        }
        return append.done();
    }

    /** It takes the place of another: whoever was taken for dead must not do that, and a fence holds only transactions back. */
    private boolean replaces(LogRecord record) {
        return topics.isKeyed(record.partition().topic());
    }

    /** The same by a transaction in any case: so that a fence keeps it out. */
    CompletableFuture<long[]> transact(List<LogRecord> records) {
        long thread = Thread.currentThread().getId();
        ThreadOrder.Way way = order.beginTransaction(thread, leastBusy());
        Append append = new Append(records, way.afterPlain());
        var unused = append.done().whenComplete((positions, failure) -> order.endTransaction(thread));
        stripes.get(way.stripe()).append(append);
        return append.done();
    }

    /** In turn among those that are idle, since the last transaction of a producer keeps the next one waiting for a while. */
    private int leastBusy() {
        int first = Math.floorMod(turn.getAndIncrement(), stripes.size());
        int best = first;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < stripes.size() && least > 0; i++) {
            int candidate = (first + i) % stripes.size();
            int waiting = stripes.get(candidate).waiting();
            if (waiting < least) {
                least = waiting;
                best = candidate;
            }
        }
        return best;
    }

    Runnable flushPlain() {
        return plain::flush;
    }

    /** One of the stripes has found out. */
    private void fenced(MambaException reason) {
        if (refuseAll(reason)) {
            onLost.accept(reason);
        }
    }

    /**
     * Refuses all from now on.
     *
     * @return whether it is news
     */
    boolean refuseAll(MambaException reason) {
        boolean news = lost.compareAndSet(null, reason);
        if (news) {
            stripes.forEach(stripe -> stripe.refuseAll(reason));
        }
        return news;
    }

    @Override
    public void close() {
        stripes.forEach(Stripe::close);
        plain.close();
    }
}
