package io.mamba.log.file;

import io.mamba.thread.Threads;
import java.time.Duration;

/**
 * How a {@link FileLog} is opened.
 *
 * @param segmentBytes size of each journal file
 * @param reserveSegments segments filled ahead beside the next one: while the disk is full, what settles goes on in them
 * @param application named to others who find the directory in use
 * @param lockWait how long to retry while another holds the directory
 * @param threads those in which the journal does its own work
 */
public record FileLogOptions(
        int segmentBytes, int reserveSegments, String application, Duration lockWait, Threads threads) {
    private static final int SMALLEST_SEGMENT = 64 << 10;

    public FileLogOptions {
        if (segmentBytes < SMALLEST_SEGMENT || segmentBytes % 4096 != 0) {
            throw new IllegalArgumentException("Expected segments of a multiple of 4096 bytes and at least "
                    + SMALLEST_SEGMENT + ", but got " + segmentBytes);
        }
    }

    public static FileLogOptions defaults() {
        return new FileLogOptions(64 << 20, 1, "unnamed application", Duration.ofSeconds(30), Threads.own());
    }

    public FileLogOptions withSegmentBytes(int bytes) {
        return new FileLogOptions(bytes, reserveSegments, application, lockWait, threads);
    }

    public FileLogOptions withReserveSegments(int segments) {
        return new FileLogOptions(segmentBytes, segments, application, lockWait, threads);
    }

    public FileLogOptions withApplication(String name) {
        return new FileLogOptions(segmentBytes, reserveSegments, name, lockWait, threads);
    }

    public FileLogOptions withLockWait(Duration wait) {
        return new FileLogOptions(segmentBytes, reserveSegments, application, wait, threads);
    }

    public FileLogOptions withThreads(Threads lent) {
        return new FileLogOptions(segmentBytes, reserveSegments, application, lockWait, lent);
    }
}
