package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.MambaUrl;
import io.mamba.log.Durability;
import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages delayed by 30 days under much traffic: the disk stays small, and they arrive. In the build with everything
 * 160 times smaller than in the profile {@code space}, which writes 10 GiB in segments of 64 MiB and keeps the figures
 * in the file that {@code mamba.results} names.
 */
class DelayedMessageIT {
    private static final Address QUEUE = Address.queue("orders");
    private static final Duration DELAY = Duration.ofDays(30);
    private static final long HOLDER = 1;
    private static final long TRAFFIC = Long.getLong("mamba.space.megabytes", 64) << 20;
    private static final int SEGMENT = (int) Math.max(TRAFFIC / 160, 64 << 10) / 4096 * 4096;
    private static final long LIMIT = TRAFFIC / 10;
    private static final int MESSAGES = (int) Math.max(4_000, TRAFFIC >> 16);
    private static final byte[] BODY = new byte[(int) (TRAFFIC / MESSAGES)];
    /** One in so many is delayed. */
    private static final int DELAYED_EVERY = MESSAGES / 100;

    private final ManualTimers time = new ManualTimers();
    private long largest;

    @TempDir
    private Path directory;

    private FileLog open() {
        return FileLog.open(
                directory.resolve("log"),
                Set.of(StateRecords.STATE.topic(), StateRecords.BRANCHES.topic()),
                FileLogOptions.defaults().withSegmentBytes(SEGMENT));
    }

    private Node node(FileLog log) {
        return Node.open(MambaUrl.parse("mamba:file:/delayed"), log, time, time);
    }

    private void send(Node node, String id, long deliverAt) {
        node.send(new Envelope(
                id,
                QUEUE,
                true,
                4,
                time.millis(),
                0,
                deliverAt,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.BYTES,
                BODY,
                null));
    }

    /** What waits and is deliverable, settled. */
    private static List<String> take(Node node) {
        List<String> ids = new ArrayList<>();
        while (true) {
            Acquired message = node.queue(QUEUE).acquireNow(HOLDER, QueueState.NO_SELECTOR);
            if (message == null) {
                return ids;
            }
            node.mark(message.lane(), HOLDER, message.position());
            ids.add(String.valueOf(node.read(message.lane(), message.position()).id()));
            node.settle(message.lane(), HOLDER, new long[] {message.position()}, Durability.WRITTEN);
        }
    }

    private void checkpoint(Node node) {
        look();
        node.checkpoint();
        look();
    }

    private void look() {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            largest = Math.max(largest, files.mapToLong(DelayedMessageIT::size).sum());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException renamedMeanwhile) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDiskStaysSmallAndTheyArrive() throws IOException {
        long start = System.nanoTime();
        long dueAt = time.millis() + DELAY.toMillis();
        List<String> delayed = new ArrayList<>();
        FileLog log = open();
        Node node = node(log);
        for (int i = 0; i < MESSAGES; i++) {
            if (i % DELAYED_EVERY == 0) {
                send(node, "delayed " + i, dueAt);
                delayed.add("delayed " + i);
            } else {
                send(node, "traffic " + i, 0);
                assertThat(take(node)).containsExactly("traffic " + i);
            }
            if (log.bytesSinceCheckpoint() > SEGMENT) {
                checkpoint(node);
            }
            if (i == MESSAGES / 2) {
                node.close();
                log = open();
                node = node(log);
            }
        }
        look();
        assertThat(largest).as("bytes on disk").isLessThan(LIMIT);
        node.close();
        node = node(open());
        assertThat(take(node)).isEmpty();
        time.pass(DELAY);

        List<String> arrived = take(node);

        node.close();
        assertThat(arrived).isEqualTo(delayed);
        keep(arrived.size(), (System.nanoTime() - start) / 1_000_000_000);
    }

    private void keep(int arrived, long seconds) throws IOException {
        String name = System.getProperty("mamba.results", "");
        if (!name.isEmpty()) {
            Path file = Path.of(name);
            if (Files.notExists(file)) {
                Files.writeString(
                        file, "traffic_mib,messages,segment_kib,delayed_arrived,largest_directory_mib,seconds\n");
            }
            String line = (TRAFFIC >> 20) + "," + MESSAGES + "," + (SEGMENT >> 10) + "," + arrived + ","
                    + (largest >> 20) + "," + seconds + "\n";
            Files.writeString(file, line, StandardOpenOption.APPEND);
        }
    }
}
