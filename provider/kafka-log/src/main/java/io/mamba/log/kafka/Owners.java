package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The ownerships that this log holds. Each is a transactional id of its own, named after what is owned, so that the next owner
 * fences this one by using it; all that relies on an ownership is written under it.
 *
 * <p>A record names the member that took it. It is written by the member's own stripe, <em>after</em> the id was taken: so
 * a member that was fenced gets no ownership, and who fences a member finds all that it has. Its position is the epoch.
 * Thread-safe.
 */
final class Owners implements AutoCloseable {
    static final Partition RECORDS = new Partition("mamba.owners", 0);

    private final Engine engine;
    private final TransactionalIds ids;
    private final Map<String, Owned> held = new ConcurrentHashMap<>();

    private record Owned(Ownership ownership, Stripe stripe, Consumer<Ownership> lost) {
        void lose(MambaException reason) {
            stripe.refuseAll(reason);
            lost.accept(ownership);
        }
    }

    Owners(Engine engine, TransactionalIds ids) {
        this.engine = engine;
        this.ids = ids;
    }

    /** As {@code Log.acquire}. */
    CompletableFuture<Ownership> acquire(String name, String member, Writers writers, Consumer<Ownership> lost) {
        CompletableFuture<Ownership> acquired = new CompletableFuture<>();
        engine.options()
                .threads()
                .newThread(() -> {
                    try {
                        acquired.complete(take(name, member, writers, lost));
                    } catch (RuntimeException | Error failure) {
                        acquired.completeExceptionally(KafkaErrors.translate(failure, Doing.WRITE, name));
                    }
                })
                .start();
        return acquired;
    }

    private Ownership take(String name, String member, Writers writers, Consumer<Ownership> lost) {
        engine.topics().ensure(RECORDS);
        Stripe stripe = Stripe.begin(ids.owner(name), engine, writers.flushPlain(), reason -> lose(name, reason));
        boolean taken = false;
        try {
            LogRecord record = new LogRecord(
                    RECORDS, name.getBytes(UTF_8), List.of(), member.getBytes(UTF_8), System.currentTimeMillis());
            Ownership ownership =
                    new Ownership(name, writers.transact(List.of(record)).join()[0]);
            Owned before = held.put(name, new Owned(ownership, stripe, lost));
            taken = true;
            if (before != null) {
                before.lose(fenced(before.ownership));
                before.stripe.close();
            }
            return ownership;
        } finally {
            if (!taken) {
                stripe.close();
            }
        }
    }

    private static MambaException fenced(Ownership ownership) {
        return new MambaException(ErrorCode.FENCED, "'" + ownership.name() + "' is decided about elsewhere by now.");
    }

    private void lose(String name, MambaException reason) {
        Owned owned = held.remove(name);
        if (owned != null) {
            owned.lose(reason);
        }
    }

    /** Appends under the ownership that the batch relies on. */
    CompletableFuture<long[]> append(List<LogRecord> records, Set<Ownership> relies) {
        Owned last = null;
        for (Ownership ownership : relies) {
            last = held.get(ownership.name());
            if (last == null || !last.ownership.equals(ownership)) {
                return CompletableFuture.failedFuture(fenced(ownership));
            }
        }
        if (last == null || relies.size() > 1) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED, "On Kafka a batch relies on one ownership, but this one on " + relies);
        }
        Append append = new Append(records, false);
        last.stripe.append(append);
        return append.done();
    }

    /** As {@code Log.release}. */
    void release(Ownership ownership) {
        Owned owned = held.get(ownership.name());
        if (owned != null && owned.ownership.equals(ownership) && held.remove(ownership.name(), owned)) {
            owned.lose(fenced(ownership));
            owned.stripe.close();
        }
    }

    /** The transactional ids that were last taken by this member. */
    List<String> takenBy(String member) {
        if (!engine.topics().exists(RECORDS)) {
            return List.of();
        }
        Map<String, String> last = new java.util.HashMap<>();
        engine.readers().read(Map.of(RECORDS, 0L), (StoredRecord stored) -> {
            byte[] name = stored.record().key();
            byte[] value = stored.record().value();
            if (name != null && value != null) {
                last.put(new String(name, UTF_8), new String(value, UTF_8));
            }
        });
        List<String> taken = new ArrayList<>();
        last.forEach((name, by) -> {
            if (by.equals(member)) {
                taken.add(ids.owner(name));
            }
        });
        return taken;
    }

    /** The member is lost: so is all that it owned. */
    void loseAll(MambaException reason) {
        List.copyOf(held.keySet()).forEach(name -> lose(name, reason));
    }

    @Override
    public void close() {
        held.values().forEach(owned -> owned.stripe.close());
    }
}
