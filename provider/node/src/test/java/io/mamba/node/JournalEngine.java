package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import io.mamba.log.file.SimulatedJournal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The real journal, without threads, over a disk that fails, runs full, loses power and damages bits. */
final class JournalEngine implements Engine {
    private static final Set<String> KEYED = Set.of("mamba.state", "mamba.branches");
    /**
     * Of a journal that needs next to nothing: four old segments that are not worth copying, two in use, the next one
     * and the reserve, four to use again, and three files of checkpoints; the rest is small.
     */
    private static final long MOST_LEFT = (4 + 2 + 2 + 4 + 3L) * (64 << 10) + 4096;

    private final SimulatedJournal journal;
    private final Random random;
    private final UnaryOperator<Log> defect;
    private final Deque<MambaException> refusals = new ArrayDeque<>();
    private Log log;
    private Runnable whenDead = () -> {};
    private boolean holding;
    private boolean broken;

    /** @param defect what stands between the log and the node; gives the log itself where nothing is to be wrong */
    JournalEngine(long seed, UnaryOperator<Log> defect) {
        this.random = new Random(~seed);
        this.defect = defect;
        this.journal = new SimulatedJournal(KEYED, random);
        this.log = defect.apply(new Stepped());
    }

    /** The disk says to have forced what it has not. */
    JournalEngine lying() {
        journal.lie();
        return this;
    }

    /** The log that is open now, which does its own work before it returns unless it is to wait. */
    private final class Stepped extends ForwardingLog {
        private int telling;

        Stepped() {
            super(journal.log());
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            MambaException refusal = refusals.poll();
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            try {
                if (holding || telling > 0) {
                    return journal.append(batch, level);
                }
                if (random.nextBoolean()) {
                    return journal.appendAndWait(batch, level);
                }
                CompletableFuture<long[]> append = journal.append(batch, level);
                work();
                return append;
            } catch (MambaException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            return super.tail(partition, from, (told, records, next) -> {
                telling++;
                try {
                    listener.committed(told, records, next);
                } finally {
                    telling--;
                }
            });
        }
    }

    private void work() {
        while (!holding && journal.work()) {
            // Until there is nothing to do.
        }
    }

    @Override
    public Log log() {
        return log;
    }

    // ---- waiting ------------------------------------------------------------------------------------------------

    @Override
    public void hold(Durability from) {
        holding = true;
    }

    @Override
    public void proceedOne() {
        int before = held();
        while (held() == before) {
            if (!journal.work()) {
                throw new AssertionError(before + " appends wait in vain");
            }
        }
    }

    @Override
    public void proceed() {
        holding = false;
        work();
        Model.check(held() == 0, held() + " appends wait in vain");
    }

    @Override
    public int held() {
        return journal.waiting();
    }

    @Override
    public void pass(Duration time) {
        if (held() == 0) {
            journal.pass(time);
        }
    }

    // ---- faults -------------------------------------------------------------------------------------------------

    @Override
    public void failNext(MambaException refusal) {
        refusals.add(refusal);
    }

    @Override
    public void breakDown() {
        refusals.clear();
        journal.makeRoom();
        journal.pass(Duration.ofSeconds(1)); // A disk that was full is full no more.
        journal.fail();
        broken = true;
        holding = false;
    }

    @Override
    public void onDeath(Runnable action) {
        whenDead = action;
    }

    @Override
    public void dieSoon() {
        journal.dieSoon(() -> whenDead.run());
    }

    @Override
    public void fill() {
        journal.fill();
    }

    @Override
    public void makeRoom() {
        journal.makeRoom();
        pass(Duration.ofSeconds(1));
    }

    // ---- death and opening --------------------------------------------------------------------------------------

    @Override
    public List<ObservedLog.Entry> crash(Survival survival, List<ObservedLog.Entry> entries) {
        // What follows a failed force may be gone although the process lives.
        boolean powerLoss = broken || survival.survives() == Durability.DURABLE;
        Survival promise = powerLoss ? new Survival(Durability.DURABLE, 0, false) : survival;
        journal.crash(powerLoss);
        begin();
        List<Placed> placed = entries.stream()
                .map(this::placed)
                .sorted(Comparator.comparingLong(Placed::first))
                .toList();
        List<ObservedLog.Entry> inOrder = placed.stream().map(Placed::entry).toList();
        int kept = (int) placed.stream().filter(Placed::survived).count();
        int promised = Engine.promised(promise, inOrder);
        Model.check(promised <= kept, "lost " + (promised - kept) + " batches of " + promised + " promised");
        List<ObservedLog.Entry> survivors = new ArrayList<>();
        for (Placed one : placed.subList(0, kept)) {
            one.entry.positions = one.positions.stream()
                    .mapToLong(position -> Objects.requireNonNullElse(position, -1L))
                    .toArray();
            Model.check(one.positions.stream().noneMatch(Objects::isNull), "a batch survived in part");
            survivors.add(one.entry);
        }
        if (random.nextInt(4) == 0) {
            journal.flipABit();
        }
        return survivors;
    }

    /** A batch, and where its records are that survived. */
    private record Placed(ObservedLog.Entry entry, List<@Nullable Long> positions) {
        boolean survived() {
            return positions.stream().anyMatch(Objects::nonNull);
        }

        long first() {
            return positions.stream()
                    .filter(Objects::nonNull)
                    .mapToLong(position -> position)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    private Placed placed(ObservedLog.Entry entry) {
        List<@Nullable Long> positions = new ArrayList<>();
        for (LogRecord record : entry.batch.records()) {
            positions.add(journal.survivor(record));
        }
        return new Placed(entry, positions);
    }

    @Override
    public void reopen() {
        journal.reopen();
        begin();
    }

    private void begin() {
        refusals.clear();
        holding = false;
        broken = false;
        log = defect.apply(new Stepped());
    }

    @Override
    public @Nullable Log copy() {
        if (held() > 0 || random.nextInt(6) > 0) {
            return null;
        }
        Log copy = journal.copy();
        return copy == null ? null : defect.apply(copy);
    }

    @Override
    public @Nullable List<StoredRecord> contents() {
        return null;
    }

    @Override
    public int largestBody() {
        return random.nextInt(20) == 0 ? 30_000 : 3_000;
    }

    @Override
    public void checkEmpty() {
        Model.check(journal.bytes() <= MOST_LEFT, "the journal of nothing has " + journal.bytes() + " bytes");
    }

    @Override
    public void close() {
        // Nothing of it is outside of memory.
    }
}
