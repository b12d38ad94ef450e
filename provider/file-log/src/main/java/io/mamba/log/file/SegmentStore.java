package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The segments in use by position, and those filled with zeros ahead of use. A thread of its own prepares them: it
 * takes a recycled file or fills a new one, gives it its final name and forces the directory, so that the writer never
 * waits for that while the disk keeps up.
 */
final class SegmentStore {
    private static final System.Logger LOG = System.getLogger(SegmentStore.class.getName());
    private static final String SPARE = "spare-";
    private static final int CHUNK = 1 << 20;
    private static final long RETRY_FULL_NANOS = 200_000_000;
    private static final int SPARES_KEPT = 4;

    private final Storage storage;
    private final int segmentBytes;
    private final int reserve;
    private final ConcurrentNavigableMap<Long, Segment> used = new ConcurrentSkipListMap<>();

    private final AtomicInteger readers = new AtomicInteger();

    // Guarded by this.
    private final Deque<Segment> ready = new ArrayDeque<>();
    private final Deque<String> spares = new ArrayDeque<>();
    private long nextBase;
    private long spareNumber;
    private @Nullable IOException full;
    private boolean stopped;

    SegmentStore(Storage storage, int segmentBytes, int reserve) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
        this.reserve = reserve;
    }

    // ---- opening ------------------------------------------------------------------------------------------------

    /** Opens all segment files and the recycled ones; those behind a gap in the positions are left to the caller. */
    synchronized void load() throws IOException {
        for (String file : storage.list()) {
            if (Segment.isSegment(file)) {
                StorageFile opened = storage.open(file);
                long base = Segment.base(file);
                used.put(base, new Segment(base, Math.toIntExact(opened.size()), opened));
            } else if (file.startsWith(SPARE) && file.endsWith(".tmp")) {
                storage.delete(file);
            } else if (file.startsWith(SPARE)) {
                spares.add(file);
                spareNumber = Math.max(spareNumber, Long.parseLong(file.substring(SPARE.length())) + 1);
            }
        }
    }

    /** The segment to append to at {@code end}; those behind it become the ones ready for use. */
    synchronized Segment startAt(long end) throws IOException {
        ready.clear();
        ready.addAll(used.tailMap(end, true).values());
        ready.forEach(segment -> used.remove(segment.base));
        Segment last = used.isEmpty() ? null : used.lastEntry().getValue();
        if (last != null && end < last.end()) {
            nextBase = ready.isEmpty() ? last.end() : ready.getLast().end();
            return last;
        }
        nextBase = ready.isEmpty() ? end : ready.getLast().end();
        if (ready.isEmpty()) {
            ready.add(prepare(nextBase));
            nextBase += segmentBytes;
        }
        Segment first = ready.remove();
        used.put(first.base, first);
        return first;
    }

    // ---- use ----------------------------------------------------------------------------------------------------

    Collection<Segment> all() {
        return used.values();
    }

    @Nullable
    Segment containing(long position) {
        Map.Entry<Long, Segment> entry = used.floorEntry(position);
        return entry != null && position < entry.getValue().end() ? entry.getValue() : null;
    }

    /** The segments from the one that contains the position on. */
    Collection<Segment> from(long position) {
        Long first = used.floorKey(position);
        return first == null ? used.values() : used.tailMap(first, true).values();
    }

    /** The first segment that ends behind the position. */
    @Nullable
    Segment atOrAfter(long position) {
        Segment containing = containing(position);
        if (containing != null) {
            return containing;
        }
        Map.Entry<Long, Segment> entry = used.ceilingEntry(position);
        return entry == null ? null : entry.getValue();
    }

    /**
     * The segment after the current one, if it is ready. While the disk is full the last ones are kept for small
     * batches.
     */
    synchronized @Nullable Segment takeNext(boolean small) {
        if (ready.isEmpty() || (full != null && !small && ready.size() <= reserve)) {
            return null;
        }
        Segment next = ready.remove();
        used.put(next.base, next);
        notifyAll();
        return next;
    }

    /** Waits until {@link #takeNext} has one or the disk is full. Not disturbed by an interrupt. */
    void awaitReady(boolean small) {
        boolean interrupted = false;
        try {
            synchronized (this) {
                while (!stopped && (ready.isEmpty() || (full != null && !small && ready.size() <= reserve))) {
                    if (full != null) {
                        throw new MambaException(
                                ErrorCode.RESOURCE_LIMIT,
                                "The disk that holds " + storage.name() + " has no room for another " + segmentBytes
                                        + " bytes of journal: free space on it, or let messages be consumed;"
                                        + " sending resumes by itself",
                                full);
                    }
                    notifyAll();
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes a segment out of use that nothing needs any more. */
    void recycle(Segment segment) throws IOException {
        used.remove(segment.base);
        segment.retired = true;
        segment.file.close();
        String spare;
        synchronized (this) {
            if (segment.size != segmentBytes || spares.size() >= SPARES_KEPT) {
                storage.delete(segment.fileName());
                return;
            }
            spare = SPARE + spareNumber++;
            storage.rename(segment.fileName(), spare);
            spares.add(spare);
            notifyAll();
        }
    }

    /** Until the end of it no segment is recycled that was in use at its beginning. */
    void beginRead() {
        readers.incrementAndGet();
    }

    void endRead() {
        readers.decrementAndGet();
    }

    boolean beingRead() {
        return readers.get() > 0;
    }

    // ---- preparing ----------------------------------------------------------------------------------------------

    /** The preparing thread's life. */
    void run() {
        while (true) {
            long base;
            synchronized (this) {
                boolean interrupted = false;
                while (!stopped && ready.size() > reserve) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    LOG.log(Level.DEBUG, "The thread that fills segments ignores an interrupt");
                }
                if (stopped) {
                    return;
                }
                base = nextBase;
            }
            try {
                Segment segment = prepare(base);
                synchronized (this) {
                    if (full != null) {
                        LOG.log(Level.INFO, "There is room for the journal in {0} again", storage.name());
                    }
                    full = null;
                    ready.add(segment);
                    nextBase = segment.end();
                    notifyAll();
                }
            } catch (IOException e) {
                pauseAfter(e);
            }
        }
    }

    private void pauseAfter(IOException problem) {
        synchronized (this) {
            if (full == null) {
                LOG.log(Level.WARNING, "Cannot fill a new segment of the journal in " + storage.name(), problem);
            }
            full = problem;
            notifyAll();
        }
        LockSupport.parkNanos(this, RETRY_FULL_NANOS);
    }

    private Segment prepare(long base) throws IOException {
        String spare;
        synchronized (this) {
            spare = spares.poll();
        }
        String name = Segment.fileName(base);
        StorageFile file;
        if (spare != null) {
            file = storage.open(spare);
            if (file.size() != segmentBytes) {
                file.close();
                storage.delete(spare);
                return prepare(base);
            }
            storage.rename(spare, name);
        } else {
            file = fill(name);
        }
        storage.force();
        return new Segment(base, segmentBytes, file);
    }

    private StorageFile fill(String name) throws IOException {
        String unfinished = SPARE + "0.tmp";
        StorageFile file = storage.create(unfinished);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(CHUNK, segmentBytes));
            for (int at = 0; at < segmentBytes; at += zeros.capacity()) {
                zeros.clear().limit(Math.min(zeros.capacity(), segmentBytes - at));
                file.write(zeros, at);
            }
            file.force(true);
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

    // ---- closing ------------------------------------------------------------------------------------------------

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    synchronized void close() throws IOException {
        for (Segment segment : used.values()) {
            segment.file.close();
        }
        for (Segment segment : ready) {
            segment.file.close();
        }
    }
}
