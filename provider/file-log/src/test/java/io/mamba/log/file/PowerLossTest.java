package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.keyed;
import static io.mamba.log.file.Journals.latest;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random appends, releases, checkpoints, kills and power losses over the faulty disk, each life of the log verified by
 * the next. A failure names the seed; {@code -Dmamba.seed=} runs that one alone, {@code -Dmamba.seeds=} that many.
 */
class PowerLossTest {
    private static final int LIVES = 8;
    private static final List<Durability> LEVELS = List.of(Durability.values());

    @Test
    void whatWasPromisedIsThereAfterEveryDeath() {
        Long only = Long.getLong("mamba.seed");
        if (only != null) {
            new Run(only).go();
            return;
        }
        long first = new Random().nextInt(1 << 30);
        for (long seed = first; seed < first + Integer.getInteger("mamba.seeds", 150); seed++) {
            try {
                new Run(seed).go();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with -Dmamba.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** A test of the test: it must see the loss that a force without effect brings. */
    @Test
    void aDiskThatLiesAboutForcesIsFoundOut() {
        int noticed = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Run run = new Run(seed);
            run.lying = true;
            try {
                run.go();
            } catch (RuntimeException | AssertionError e) {
                noticed++;
            }
        }
        assertThat(noticed).isGreaterThan(10);
    }

    /** A batch as appended; positions once known. */
    private static final class Sent {
        final List<LogRecord> records;
        final Durability level;
        final CompletableFuture<long[]> future;
        /** Where its records without a key are, as a later life found them. */
        List<StoredRecord> found = List.of();

        boolean released;
        boolean survived;

        Sent(List<LogRecord> records, Durability level, CompletableFuture<long[]> future) {
            this.records = records;
            this.level = level;
            this.future = future;
        }

        String name() {
            byte[] value = records.get(0).value();
            return value == null ? "" : new String(value, UTF_8);
        }
    }

    private static final class Run {
        private final Random random;
        private final List<Sent> history = new ArrayList<>();
        private FaultyStorage storage = new FaultyStorage();
        private int next;
        private boolean lying;

        Run(long seed) {
            random = new Random(seed);
        }

        void go() {
            for (int life = 0; life < LIVES; life++) {
                FileLog log = Journals.open(storage);
                if (lying) {
                    storage.lie();
                }
                verify(log);
                int steps = random.nextInt(120);
                for (int i = 0; i < steps; i++) {
                    step(log);
                }
                die(log);
            }
            FileLog log = Journals.open(storage);
            verify(log);
            log.close();
        }

        private void step(FileLog log) {
            int choice = random.nextInt(20);
            if (choice < 2) {
                log.checkpoint(Map.of());
            } else if (choice < 6) {
                release(log);
            } else {
                append(log);
            }
        }

        private void append(FileLog log) {
            int number = next++;
            int large = random.nextInt(8) == 0 ? 30_000 : 3_000;
            List<LogRecord> records = new ArrayList<>();
            records.add(record(ORDERS, "b" + number));
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                Partition partition = random.nextBoolean() ? ORDERS : STOCK;
                records.add(record(partition, "b" + number + "." + "x".repeat(random.nextInt(large))));
            }
            int key = random.nextInt(30);
            records.add(keyed("k" + key, random.nextInt(4) == 0 ? null : "b" + number));
            Durability level = LEVELS.get(random.nextInt(LEVELS.size()));
            CompletableFuture<long[]> future = random.nextBoolean()
                    ? CompletableFuture.completedFuture(log.appendAndWait(Batch.of(records), level))
                    : log.append(Batch.of(records), level);
            history.add(new Sent(records, level, future));
        }

        private void release(FileLog log) {
            for (Sent sent : history) {
                if (!sent.released && random.nextInt(8) > 0) {
                    sent.released = true;
                    if (sent.survived) {
                        sent.found.forEach(
                                record -> log.release(record.record().partition(), new long[] {record.position()}));
                        continue;
                    }
                    long[] positions = sent.future.join();
                    for (int i = 0; i < positions.length - 1; i++) {
                        log.release(sent.records.get(i).partition(), new long[] {positions[i]});
                    }
                }
            }
        }

        /** Ends the life of a log; what the disk then holds begins the next. */
        private void die(FileLog log) {
            int way = random.nextInt(5);
            boolean powerLoss = way < 3;
            if (way == 4) {
                log.close();
            }
            Set<Sent> promised = new HashSet<>();
            for (Sent sent : history) {
                boolean done = sent.future.isDone() && !sent.future.isCompletedExceptionally();
                Durability needed = powerLoss ? Durability.DURABLE : Durability.WRITTEN;
                if (sent.survived || way == 4 || (done && sent.level.compareTo(needed) >= 0)) {
                    promised.add(sent);
                }
            }
            storage = powerLoss ? storage.losePower(random) : storage.kill();
            if (way != 4) {
                Journals.closeDead(log);
            }
            int last = -1;
            for (int i = 0; i < history.size(); i++) {
                if (promised.contains(history.get(i))) {
                    last = i;
                }
            }
            // Order: what was appended before something that survives survives as well.
            for (int i = 0; i <= last; i++) {
                history.get(i).survived = true;
            }
        }

        /** Finds out which batches survived beyond the promise, and checks everything else against the history. */
        private void verify(FileLog log) {
            Map<String, Integer> found = new HashMap<>();
            List<Integer> order = new ArrayList<>();
            Map<Partition, List<Long>> positions = new HashMap<>();
            List<StoredRecord> read = new ArrayList<>();
            log.read(Map.of(ORDERS, 0L, STOCK, 0L), read::add);
            for (StoredRecord stored : read) {
                String name = text(stored).split("\\.", -1)[0];
                found.merge(name, 1, Integer::sum);
                positions
                        .computeIfAbsent(stored.record().partition(), p -> new ArrayList<>())
                        .add(stored.position());
                order.add(Integer.valueOf(name.substring(1)));
            }
            assertThat(order).isSorted();
            positions.values().forEach(list -> assertThat(list).isSorted());
            int last = lastThere(found);
            List<Sent> survivors = new ArrayList<>();
            for (int i = 0; i < history.size(); i++) {
                Sent sent = history.get(i);
                boolean there = found.containsKey(sent.name());
                assertThat(!sent.survived || there || sent.released)
                        .as("%s (%s) survives", sent.name(), sent.level)
                        .isTrue();
                assertThat(there || sent.released || i > last)
                        .as("%s before %s", sent.name(), last)
                        .isTrue();
                if (there && !sent.released) {
                    assertThat(found.get(sent.name())).as(sent.name()).isEqualTo(sent.records.size() - 1);
                    sent.found = read.stream()
                            .filter(stored -> text(stored).split("\\.", -1)[0].equals(sent.name()))
                            .toList();
                }
                if (i <= last || sent.survived) {
                    sent.survived = true;
                    survivors.add(sent);
                }
            }
            history.retainAll(survivors);
            assertThat(latest(log)).isEqualTo(expectedKeys());
            retain(log, read);
        }

        private int lastThere(Map<String, Integer> found) {
            for (int i = history.size() - 1; i >= 0; i--) {
                if (found.containsKey(history.get(i).name()) || history.get(i).survived) {
                    return i;
                }
            }
            return -1;
        }

        private Map<String, String> expectedKeys() {
            Map<String, String> keys = new TreeMap<>();
            for (Sent sent : history) {
                LogRecord last = sent.records.get(sent.records.size() - 1);
                byte[] key = last.key();
                byte[] value = last.value();
                String name = key == null ? "" : new String(key, UTF_8);
                if (value == null) {
                    keys.remove(name);
                } else {
                    keys.put(name, new String(value, UTF_8));
                }
            }
            return keys;
        }

        private void retain(FileLog log, List<StoredRecord> read) {
            Set<String> needed = new HashSet<>();
            history.stream().filter(sent -> !sent.released).forEach(sent -> needed.add(sent.name()));
            for (Partition partition : List.of(ORDERS, STOCK)) {
                long[] live = read.stream()
                        .filter(stored -> stored.record().partition().equals(partition))
                        .filter(stored -> needed.contains(text(stored).split("\\.", -1)[0]))
                        .mapToLong(StoredRecord::position)
                        .toArray();
                log.retain(partition, log.fence(partition), LongStream.of(live).iterator());
                for (StoredRecord stored : read) {
                    if (stored.record().partition().equals(partition)
                            && needed.contains(text(stored).split("\\.", -1)[0])) {
                        StoredRecord again = log.get(partition, stored.position());
                        assertThat(again).isNotNull();
                    }
                }
            }
        }
    }
}
