package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files of segments: recycled ones, kept as spares, or new ones filled with zeros. A file has its final name, and
 * the directory is forced, before it is given out. Thread-safe; but only one thread at a time may {@link #prepare}.
 */
final class SegmentFiles {
    private static final String SPARE = "spare-";
    /** So much of a new segment is forced at once. */
    private static final int FILLED_AT_ONCE = 256 << 10;

    private static final int SPARES_KEPT = 4;

    private final Storage storage;
    private final int segmentBytes;

    // Guarded by this.
    private final Deque<String> spares = new ArrayDeque<>();
    private long spareNumber;

    SegmentFiles(Storage storage, int segmentBytes) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
    }

    /** A file found in the directory at opening: keeps spares, deletes what was not filled to the end. */
    synchronized void found(String file) throws IOException {
        if (file.startsWith(SPARE) && file.endsWith(".tmp")) {
            storage.delete(file);
        } else if (file.startsWith(SPARE)) {
            spares.add(file);
            spareNumber = Math.max(spareNumber, Long.parseLong(file.substring(SPARE.length())) + 1);
        }
    }

    /** How much must be free on the disk for another segment, with what is left to small files such as checkpoints. */
    long needed() {
        return segmentBytes + segmentBytes / 8L;
    }

    /** A segment that begins at this position. */
    Segment prepare(long base) throws IOException {
        String name = Segment.fileName(base);
        StorageFile file = recycled(name);
        if (file == null) {
            file = fill(name);
        }
        storage.force();
        Segment segment = new Segment(base, segmentBytes, file);
        segment.counted = true;
        return segment;
    }

    /** Keeps the closed file of a segment that nothing needs any more, or deletes it. */
    synchronized void keep(Segment segment) throws IOException {
        if (segment.size != segmentBytes || spares.size() >= SPARES_KEPT) {
            storage.delete(segment.fileName());
            return;
        }
        String spare = SPARE + spareNumber++;
        storage.rename(segment.fileName(), spare);
        spares.add(spare);
    }

    private @Nullable StorageFile recycled(String name) throws IOException {
        while (true) {
            String spare;
            synchronized (this) {
                spare = spares.poll();
            }
            if (spare == null) {
                return null;
            }
            StorageFile file = storage.open(spare);
            if (file.size() == segmentBytes) {
                storage.rename(spare, name);
                return file;
            }
            file.close();
            storage.delete(spare);
        }
    }

    private StorageFile fill(String name) throws IOException {
        if (storage.free() < needed()) {
            // Do not try: until it fails, others on the disk would have no room either.
            throw new IOException("No space left for another segment");
        }
        String unfinished = SPARE + "0.tmp";
        StorageFile file = storage.create(unfinished);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(FILLED_AT_ONCE, segmentBytes));
            for (int at = 0; at < segmentBytes; at += zeros.capacity()) {
                zeros.clear().limit(Math.min(zeros.capacity(), segmentBytes - at));
                file.write(zeros, at);
                // Bit by bit: behind one large force those of the journal would wait.
                file.force(true);
            }
            storage.rename(unfinished, name);
            return file;
        } catch (IOException e) {
            file.close();
            try {
                storage.delete(unfinished);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }
}
