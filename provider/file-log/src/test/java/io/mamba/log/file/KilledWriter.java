package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The process that {@link JournalKillIT} kills: several threads append batches over several partitions at mixed levels
 * until it dies, and note in a file each, outside the journal, what was acknowledged and what they will release.
 */
final class KilledWriter {
    static final int THREADS = 4;
    static final int PARTITIONS = 3;
    static final String STATE = "mamba.state";
    static final FileLogOptions OPTIONS =
            FileLogOptions.defaults().withSegmentBytes(1 << 20).withApplication("killed writer");

    private static final List<Durability> LEVELS = List.of(Durability.values());

    private final FileLog log;
    private final Path notes;
    private final int round;
    private final long seed;

    private KilledWriter(FileLog log, Path notes, int round, long seed) {
        this.log = log;
        this.notes = notes;
        this.round = round;
        this.seed = seed;
    }

    /** Arguments: directory of the journal, directory of the notes, number of the round, seed. */
    public static void main(String[] arguments) {
        FileLog log = FileLog.open(Path.of(arguments[0]), Set.of(STATE), OPTIONS);
        KilledWriter writer = new KilledWriter(
                log, Path.of(arguments[1]), Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            new Thread(() -> writer.write(thread), "writer-" + t).start();
        }
        System.out.println("ready");
    }

    static Partition partition(int number) {
        return new Partition("queue.killed", number);
    }

    private void write(int thread) {
        Random random = new Random(seed * THREADS + thread);
        Deque<Sent> mine = new ArrayDeque<>();
        try (OutputStream out =
                new FileOutputStream(notes.resolve(round + "-" + thread).toFile())) {
            for (int number = 0; ; number++) {
                int count = 1 + random.nextInt(5);
                Durability level = LEVELS.get(random.nextInt(LEVELS.size()));
                List<LogRecord> records = records(thread, number, count, random);
                long[] positions = log.appendAndWait(Batch.of(records), level);
                note(out, "A " + number + " " + level);
                mine.add(new Sent(number, records, positions));
                if (mine.size() > 50) {
                    Sent oldest = mine.remove();
                    // Some stay, so that old segments hold few records each, which are copied forward.
                    if (oldest.number % 40 != 0) {
                        release(oldest, out);
                    }
                }
                if (thread == 0 && number % 100 == 99) {
                    log.checkpoint(Map.of());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the records say: round, thread, batch, index, size of the batch, then filling. */
    private List<LogRecord> records(int thread, int number, int count, Random random) {
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int filling = random.nextInt(100) == 0 ? random.nextInt(400_000) : random.nextInt(2_000);
            String value = round + ":" + thread + ":" + number + ":" + i + ":" + count + ":" + "x".repeat(filling);
            records.add(new LogRecord(
                    partition(random.nextInt(PARTITIONS)), null, List.of(), value.getBytes(UTF_8), number));
        }
        byte[] key = Integer.toString(thread).getBytes(UTF_8);
        byte[] value = (round + ":" + number).getBytes(UTF_8);
        records.add(new LogRecord(new Partition(STATE, 0), key, List.of(), value, number));
        return records;
    }

    private record Sent(int number, List<LogRecord> records, long[] positions) {}

    private void release(Sent sent, OutputStream out) throws IOException {
        note(out, "R " + sent.number + " -");
        for (int i = 0; i < sent.positions.length - 1; i++) {
            log.release(sent.records.get(i).partition(), new long[] {sent.positions[i]});
        }
    }

    /** One write to the operating system each, which survives the process. */
    private static void note(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
    }
}
