package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Durability;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes, kills the writing process at a random moment, verifies, and again, in one directory. The system property
 * {@code mamba.kill.rounds} says how often; each round becomes a line of the file that {@code mamba.results} names, and
 * those that are there already are not repeated.
 */
class JournalKillIT {
    private static final String HEADING =
            "round,seed,killed_after_ms,acknowledged,acknowledged_safe,found,lost,partial";

    @TempDir
    private Path work;

    @Test
    void aKilledProcessLosesNothingAcknowledgedAndLeavesNoPartialBatch() throws Exception {
        int rounds = Integer.getInteger("mamba.kill.rounds", 100);
        String file = System.getProperty("mamba.results", "");
        Path results = file.isEmpty() ? work.resolve("results.csv") : Path.of(file);
        Path journal = Files.createDirectory(work.resolve("journal"));
        Path notes = Files.createDirectory(work.resolve("notes"));
        for (int round = roundsIn(results) + 1; round <= rounds; round++) {
            long seed = new Random().nextLong() >>> 16;
            Random random = new Random(seed);
            long killedAfter = writeAndKill(journal, notes, round, seed, random);
            Outcome outcome = verify(journal, notes, round);
            Files.writeString(
                    results, round + "," + seed + "," + killedAfter + "," + outcome + "\n", StandardOpenOption.APPEND);
            assertThat(outcome.problems()).as("round %d, seed %d", round, seed).isEmpty();
        }
    }

    private static int roundsIn(Path results) throws IOException {
        if (Files.notExists(results)) {
            Files.createDirectories(results.toAbsolutePath().getParent());
            Files.writeString(results, HEADING + "\n");
        }
        return Files.readAllLines(results).size() - 1;
    }

    private long writeAndKill(Path journal, Path notes, int round, long seed, Random random) throws Exception {
        boolean whileOpening = random.nextInt(4) == 0;
        Path errors = work.resolve("errors.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledWriter.class.getName(),
                        journal.toString(),
                        notes.toString(),
                        Integer.toString(round),
                        Long.toString(seed))
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            if (!whileOpening) {
                assertThat(out.readLine()).as(() -> "errors: " + read(errors)).isEqualTo("ready");
            }
            long delay = random.nextInt(whileOpening ? 600 : 300);
            boolean ended = process.waitFor(delay, TimeUnit.MILLISECONDS);
            assertThat(ended).as(() -> "ended by itself: " + read(errors)).isFalse();
            process.destroyForcibly();
            process.waitFor();
            assertThat(read(errors)).isEmpty();
            return delay;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private record Outcome(int acknowledged, int safe, int found, int lost, int partial, List<String> problems) {
        @Override
        public String toString() {
            return acknowledged + "," + safe + "," + found + "," + lost + "," + partial;
        }
    }

    /** What the writer noted of one of its threads. */
    private static final class Notes {
        final Map<Integer, Durability> acknowledged = new TreeMap<>();
        final Set<Integer> released = new HashSet<>();
        int lastSafe = -1;

        static Notes of(Path file) throws IOException {
            Notes notes = new Notes();
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    notes.add(line.split(" ", -1));
                }
            }
            return notes;
        }

        private void add(String[] parts) {
            int number = Integer.parseInt(parts[1]);
            if (parts[0].equals("R")) {
                released.add(number);
                return;
            }
            Durability level = Durability.valueOf(parts[2]);
            acknowledged.put(number, level);
            if (level != Durability.NONE) {
                lastSafe = number;
            }
        }
    }

    private static Outcome verify(Path journal, Path notesDirectory, int round) throws IOException {
        List<String> problems = new ArrayList<>();
        int acknowledged = 0;
        int safe = 0;
        int found = 0;
        int lost = 0;
        int partial = 0;
        try (FileLog log = FileLog.open(journal, Set.of(KilledWriter.STATE), KilledWriter.OPTIONS)) {
            Map<Integer, NavigableMap<Integer, Integer>> batches = recordsPerBatch(log, round, problems);
            Map<String, String> states = states(log);
            for (int thread = 0; thread < KilledWriter.THREADS; thread++) {
                Notes notes = Notes.of(notesDirectory.resolve(round + "-" + thread));
                NavigableMap<Integer, Integer> survived = batches.getOrDefault(thread, new TreeMap<>());
                acknowledged += notes.acknowledged.size();
                found += survived.size();
                int last = survived.isEmpty() ? -1 : survived.lastKey();
                for (int number = 0; number <= Math.max(last, notes.lastSafe); number++) {
                    Integer missing = survived.get(number);
                    safe += notes.acknowledged.getOrDefault(number, Durability.NONE) == Durability.NONE ? 0 : 1;
                    if (notes.released.contains(number)) {
                        continue;
                    }
                    if (missing == null) {
                        lost++;
                        problems.add("thread " + thread + " lost batch " + number + " of " + last);
                    } else if (missing != 0) {
                        partial++;
                        problems.add("thread " + thread + " batch " + number + " lacks records: " + missing);
                    }
                }
                checkState(states.get(Integer.toString(thread)), round, Math.max(last, notes.lastSafe), problems);
            }
            for (int p = 0; p < KilledWriter.PARTITIONS; p++) {
                Partition partition = KilledWriter.partition(p);
                log.retain(partition, log.fence(partition), LongStream.empty().iterator());
            }
            log.checkpoint(Map.of());
            log.checkpoint(Map.of());
        }
        return new Outcome(acknowledged, safe, found, lost, partial, problems);
    }

    /** Thread to batch to how many of its records are missing. */
    private static Map<Integer, NavigableMap<Integer, Integer>> recordsPerBatch(
            FileLog log, int round, List<String> problems) {
        Map<Integer, NavigableMap<Integer, Integer>> batches = new HashMap<>();
        Map<Partition, Long> all = new HashMap<>();
        Map<String, int[]> before = new HashMap<>();
        for (int p = 0; p < KilledWriter.PARTITIONS; p++) {
            all.put(KilledWriter.partition(p), 0L);
        }
        log.read(all, stored -> {
            String[] parts = text(stored).split(":", -1);
            if (Integer.parseInt(parts[0]) == round) {
                int number = Integer.parseInt(parts[2]);
                int index = Integer.parseInt(parts[3]);
                batches.computeIfAbsent(Integer.valueOf(parts[1]), t -> new TreeMap<>())
                        .merge(number, Integer.parseInt(parts[4]) - 1, (missing, ignored) -> missing - 1);
                int[] last = before.put(parts[1], new int[] {number, index});
                if (last != null && (last[0] > number || (last[0] == number && last[1] >= index))) {
                    problems.add("thread " + parts[1] + " batch " + number + " came after batch " + last[0]);
                }
            }
        });
        return batches;
    }

    private static Map<String, String> states(FileLog log) {
        Map<String, String> states = new HashMap<>();
        log.latest(new Partition(KilledWriter.STATE, 0), stored -> {
            byte[] key = stored.record().key();
            states.put(key == null ? "" : new String(key, UTF_8), text(stored));
        });
        return states;
    }

    /** The last record of a thread's key is in the thread's last batch. */
    private static void checkState(@Nullable String state, int round, int last, List<String> problems) {
        if (last >= 0 && !(round + ":" + last).equals(state)) {
            problems.add("expected the state of batch " + last + ", but it is " + state);
        }
    }

    private static String text(StoredRecord stored) {
        byte[] value = stored.record().value();
        return value == null ? "" : new String(value, UTF_8);
    }
}
