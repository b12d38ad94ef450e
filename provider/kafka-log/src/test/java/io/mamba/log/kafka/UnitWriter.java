package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.cluster.Leash;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import io.mamba.log.Partition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own that writes units, each of a record in two topics, as fast as a few threads can, and says what
 * became of each: {@code ok}, {@code refused} or {@code unknown}. The keeper fences whoever has gone. One that is lost joins
 * again.
 */
final class UnitWriter implements MembershipListener {
    static final List<Partition> TOPICS = List.of(new Partition("queue.a", 0), new Partition("queue.b", 0));
    private static final int THREADS = 4;
    private static final long PAUSE = 5_000_000;

    private final KafkaLog log;
    private final String node;
    private final ExecutorService fencing = Executors.newSingleThreadExecutor();
    private final Set<String> present = new HashSet<>();
    private volatile @Nullable Membership membership;

    private UnitWriter(KafkaLog log, String node) {
        this.log = log;
        this.node = node;
    }

    /** @param arguments servers and the node's name */
    public static void main(String[] arguments) {
        Leash.hold();
        UnitWriter writer =
                new UnitWriter(KafkaLog.open(KafkaLogOptions.of(arguments[0], arguments[1]), Set.of()), arguments[1]);
        writer.join();
        AtomicLong numbers = new AtomicLong();
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> writer.write(numbers), "writer-" + i).start();
        }
    }

    private void join() {
        while (true) {
            try {
                Membership joined = log.join(node, this);
                membership = joined;
                say("joined " + joined.member());
                return;
            } catch (MambaException notYet) {
                say("again " + notYet.code());
                LockSupport.parkNanos(PAUSE * 100);
            }
        }
    }

    private void write(AtomicLong numbers) {
        while (true) {
            String unit = node + ":" + numbers.incrementAndGet();
            List<LogRecord> records = TOPICS.stream()
                    .map(topic ->
                            new LogRecord(topic, null, List.of(), unit.getBytes(UTF_8), System.currentTimeMillis()))
                    .toList();
            say("begin " + unit);
            try {
                log.appendAndWait(Batch.of(records), Durability.DURABLE);
                say("ok " + unit);
            } catch (MambaException failed) {
                say((failed.code() == ErrorCode.FENCED ? "refused " : "unknown ") + unit);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    @Override
    public void keeper(Set<String> members) {
        Set<String> now = Set.copyOf(members);
        fencing.execute(() -> {
            present.addAll(now);
            for (String member : Set.copyOf(present)) {
                if (!now.contains(member)) {
                    fence(member);
                    present.remove(member);
                }
            }
        });
    }

    private void fence(String member) {
        while (true) {
            try {
                Membership mine = membership;
                if (mine != null) {
                    mine.fence(member);
                    say("fenced " + member);
                    return;
                }
            } catch (MambaException notYet) {
                say("again " + notYet.code());
            }
            LockSupport.parkNanos(PAUSE * 10);
        }
    }

    @Override
    public void keeperNoMore() {}

    @Override
    public void lost(MambaException reason) {
        say("lost " + reason.code());
        fencing.execute(() -> {
            present.clear();
            join();
        });
    }
}
