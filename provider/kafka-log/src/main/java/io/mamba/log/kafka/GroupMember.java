package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.MembershipListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * One member of the group, from joining to its end; it never comes back. Its thread polls, and calls the listener; it runs
 * nothing that may wait, so that the coordinator always hears of this node while it lives. Other fields are for any thread.
 */
final class GroupMember implements Members.Member, KeeperAssignor.Seat {
    /** How long the group waits for a member whose thread is stuck though its process lives. */
    private static final int STUCK = 10_000;

    private static final Duration ROUND = Duration.ofSeconds(1);

    private final Engine engine;
    private final Fences fences;
    private final String member;
    private final MembershipListener listener;
    private final CompletableFuture<Boolean> joined = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean closed;
    private volatile @Nullable MambaException expelled;

    // of the thread
    private @Nullable String id;
    private boolean keeper;
    private boolean keeperOfThisRound;

    GroupMember(Engine engine, Fences fences, String member, MembershipListener listener) {
        this.engine = engine;
        this.fences = fences;
        this.member = member;
        this.listener = listener;
        this.thread = engine.options().threads().newThread(this::takePart);
    }

    /** Returns when the keeper has been told. */
    void begin() {
        thread.start();
        try {
            joined.orTimeout(engine.options().timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException failure) {
            close();
            if (failure.getCause() instanceof TimeoutException) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE,
                        "This node could not join the group '" + group() + "' within "
                                + engine.options().timeout().toSeconds()
                                + " s: the Kafka cluster does not answer, or its coordinator of the group is down.");
            }
            throw KafkaErrors.translate(failure, Doing.JOIN, group());
        }
    }

    private String group() {
        return engine.options().prefix() + "mamba.members";
    }

    private void takePart() {
        MambaException reason;
        try (KafkaConsumer<byte[], byte[]> mine = engine.clients().member(settings())) {
            consumer = mine;
            mine.subscribe(List.of(engine.topics().names().kafka(Owners.RECORDS.topic())));
            while (!closed && expelled == null) {
                poll(mine);
            }
            reason = expelled;
        } catch (RuntimeException | Error failure) {
            reason = KafkaErrors.translate(failure, Doing.JOIN, group());
        } finally {
            consumer = null;
        }
        end(reason);
    }

    private static void poll(KafkaConsumer<byte[], byte[]> mine) {
        try {
            mine.poll(ROUND);
        } catch (WakeupException leaving) {
            // the loop's condition says why
        } catch (InterruptException meanwhile) {
            Thread.interrupted(); // nobody has a reason to: this thread is the engine's
        }
    }

    /** @param reason null if it has left by itself */
    private void end(@Nullable MambaException reason) {
        if (keeper && reason == null) {
            listener.keeperNoMore();
        }
        MambaException left = reason != null
                ? reason
                : new MambaException(ErrorCode.ILLEGAL_STATE, "The membership was closed while it began.");
        boolean hadBegun = !joined.completeExceptionally(left);
        if (hadBegun && reason != null && !closed) {
            listener.lost(reason);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group());
        settings.put("group.protocol", "classic");
        settings.put("partition.assignment.strategy", List.of(KeeperAssignor.class));
        settings.put(KeeperAssignor.SEAT, this);
        settings.put("max.poll.interval.ms", STUCK);
        return settings;
    }

    // ---- what the assignor is told, in this thread ----

    @Override
    public String member() {
        return member;
    }

    @Override
    public void joining() {
        keeperOfThisRound = false;
    }

    @Override
    public void leads(Set<String> members) {
        keeperOfThisRound = true;
        keeper = true;
        listener.keeper(members);
    }

    @Override
    public void seated(String given) {
        if (id != null && !id.equals(given)) {
            expelled = new MambaException(
                    ErrorCode.FENCED,
                    "The Kafka cluster has not heard of node '"
                            + engine.options().node()
                            + "' for longer than kafka.session.timeout.ms allows, so that the other nodes take it for"
                            + " dead.");
            return;
        }
        id = given;
        if (keeper && !keeperOfThisRound) {
            keeper = false;
            listener.keeperNoMore();
        }
        joined.complete(true);
    }

    // ---- for any thread ----

    @Override
    public void expelled(MambaException reason) {
        expelled = reason;
        wake();
    }

    @Override
    public void fence(String other) {
        fences.fence(other);
    }

    @Override
    public void close() {
        closed = true;
        wake();
        if (Thread.currentThread() != thread) {
            Interrupts.join(thread);
        }
    }

    private void wake() {
        KafkaConsumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
    }
}
