package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Batch.Purpose;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fills a real file system of 16 MiB to its last byte and lets a log live on it. Says what became of each step. */
final class SmallDisk {
    private static final Partition ORDERS = new Partition("queue.orders", 0);
    private static final FileLogOptions OPTIONS =
            FileLogOptions.defaults().withSegmentBytes(1 << 20).withApplication("small disk");

    private final Path directory;
    private final FileLog log;
    private final List<Long> positions = new ArrayList<>();

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.log = FileLog.open(directory.resolve("log"), Set.of(), OPTIONS);
    }

    /** Argument: where the file system is mounted. */
    public static void main(String[] arguments) throws IOException {
        Path others = Files.write(Path.of(arguments[0], "others"), new byte[4 << 20]);
        SmallDisk disk = new SmallDisk(Path.of(arguments[0]));
        for (int i = 0; i < 2; i++) {
            disk.append(Purpose.GROWING);
            disk.log.checkpoint(Map.of());
        }
        disk.fill(Purpose.GROWING);
        say("filled: " + (disk.positions.size() > 5_000));
        disk.takeTheRest();
        disk.append(Purpose.SETTLING);
        disk.log.checkpoint(Map.of());
        say("settled without a byte free: " + (disk.free() < 4096));
        disk.log.release(
                ORDERS, disk.positions.stream().mapToLong(Long::longValue).toArray());
        disk.log.checkpoint(Map.of());
        disk.appendWhenThereIsRoom();
        say("resumed after release: true");
        disk.fill(Purpose.SETTLING);
        Files.delete(others);
        disk.appendWhenThereIsRoom();
        say("resumed after others gave space back: true");
        disk.log.close();
        try (FileLog again = FileLog.open(disk.directory.resolve("log"), Set.of(), OPTIONS)) {
            say("last one there: " + (again.get(ORDERS, disk.positions.get(disk.positions.size() - 1)) != null));
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private long free() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private void append(Purpose purpose) {
        LogRecord record = new LogRecord(ORDERS, null, List.of(), new byte[1_000], 1);
        positions.add(log.appendAndWait(Batch.of(List.of(record), purpose), Durability.DURABLE)[0]);
    }

    private void fill(Purpose purpose) {
        try {
            while (true) {
                append(purpose);
            }
        } catch (MambaException refused) {
            say(purpose + " refused: " + (refused.code() == ErrorCode.RESOURCE_LIMIT));
        }
    }

    private void takeTheRest() throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve("rest"))) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException full) {
            say("rest taken: " + full.getMessage());
        }
    }

    private void appendWhenThereIsRoom() {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                append(Purpose.GROWING);
                return;
            } catch (MambaException refused) {
                if (refused.code() != ErrorCode.RESOURCE_LIMIT || System.nanoTime() > deadline) {
                    throw refused;
                }
                Thread.onSpinWait();
            }
        }
    }
}
