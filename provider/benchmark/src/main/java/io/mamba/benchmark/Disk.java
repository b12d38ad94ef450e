package io.mamba.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The floor: one thread that appends 1 KiB and calls fdatasync, again and again, on a file that was filled with zeros
 * before. Nothing that is durable can be faster for one thread.
 */
final class Disk {
    private static final int FILE = 64 << 20;
    private static final int BLOCK = 1024;

    private Disk() {}

    static Figures probe(Path directory, Duration span) throws IOException {
        return probe(directory, span, Duration.ZERO);
    }

    /** As if each force took longer by {@code more}. */
    static Figures probe(Path directory, Duration span, Duration more) throws IOException {
        Path file = Files.createTempFile(directory, "floor", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < FILE; at += zeros.capacity()) {
                channel.write(zeros.clear(), at);
            }
            channel.force(true);
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
            Latencies latencies = new Latencies();
            long cpu = Processor.nanos();
            long start = System.nanoTime();
            long now = start;
            for (long at = 0; now - start < span.toNanos(); at = (at + BLOCK) % FILE) {
                channel.write(block.clear(), at);
                channel.force(false);
                LockSupport.parkNanos(more.toNanos());
                long done = System.nanoTime();
                latencies.add(done - now);
                now = done;
            }
            return Figures.of(latencies, now - start, latencies.count(), Processor.nanos() - cpu);
        } finally {
            Files.delete(file);
        }
    }
}
