package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments in use by position, and those prepared ahead of use. A worker of its own prepares them ({@link
 * SegmentFiles}), so that the writer never waits for that while the disk keeps up. Where it does not, whoever needs one prepares it.
 *
 * <p>The last ones filled ahead are the reserve. It is touched only when the disk is known to have no room for another
 * segment, and then by those whose {@link Batch.Purpose} allows it. What comes back by recycling refills it first.
 */
final class SegmentStore implements Background.Work {
    private static final System.Logger LOG = System.getLogger(SegmentStore.class.getName());
    private static final int CHUNK = 1 << 20;
    private static final long RETRY_FULL_NANOS = 200_000_000;

    private final Storage storage;
    private final int segmentBytes;
    private final int reserve;
    private final SegmentFiles files;
    private final ConcurrentNavigableMap<Long, Segment> used = new ConcurrentSkipListMap<>();

    private final AtomicInteger readers = new AtomicInteger();
    private final Background.Worker worker;
    /** Held by whoever prepares a segment, taken before the monitor. */
    private final ReentrantLock preparing = new ReentrantLock();

    // Guarded by this.
    private final Deque<Segment> ready = new ArrayDeque<>();
    private long nextBase;
    private volatile boolean stopped;
    /** The journal has failed for it: nobody needs to wait for a segment any more. */
    private volatile boolean gone;

    private volatile Consumer<IOException> whenGone = problem -> {};

    // Written under this, read without it too.
    /** Why there is no further segment. */
    private volatile @Nullable IOException full;
    /** Why what has its place already could not be written yet. */
    private volatile @Nullable IOException stalled;

    private volatile boolean closing;
    private volatile Runnable reclaim = () -> {};

    @SuppressWarnings("this-escape") // The worker is started later.
    SegmentStore(Storage storage, int segmentBytes, int reserve, Background background) {
        this.storage = storage;
        this.worker = background.worker(this);
        this.segmentBytes = segmentBytes;
        this.reserve = reserve;
        this.files = new SegmentFiles(storage, segmentBytes);
    }

    int segmentBytes() {
        return segmentBytes;
    }

    // ---- opening ------------------------------------------------------------------------------------------------

    /** Opens all segment files and the recycled ones; those behind a gap in the positions are left to the caller. */
    synchronized void load() throws IOException {
        for (String file : storage.list()) {
            if (Segment.isSegment(file)) {
                StorageFile opened = storage.open(file);
                long base = Segment.base(file);
                used.put(base, new Segment(base, Math.toIntExact(opened.size()), opened));
            } else {
                files.found(file);
            }
        }
    }

    /** The segment to append to at {@code end}; those behind it become the ones ready for use. */
    synchronized Segment startAt(long end) throws IOException {
        ready.clear();
        ready.addAll(used.tailMap(end, true).values());
        ready.forEach(segment -> {
            used.remove(segment.base);
            segment.counted = true;
        });
        Segment last = used.isEmpty() ? null : used.lastEntry().getValue();
        if (last != null && end < last.end()) {
            nextBase = ready.isEmpty() ? last.end() : ready.getLast().end();
            return last;
        }
        nextBase = ready.isEmpty() ? end : ready.getLast().end();
        if (ready.isEmpty()) {
            ready.add(files.prepare(nextBase));
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

    /** Whether there is no room for another segment: then only the reserve is left, or less. */
    boolean isFull() {
        return full != null || stalled != null;
    }

    /** Whether a frame may go into the current segment that leaves {@code rest} of it. */
    boolean allows(long rest, Batch.Purpose purpose) {
        return !isFull() || enough(rest, purpose);
    }

    private synchronized boolean enough(long rest, Batch.Purpose purpose) {
        if (stalled != null && purpose != Batch.Purpose.SETTLING) {
            return false;
        }
        long left = rest;
        for (Segment segment : ready) {
            left += segment.size;
        }
        long all = (long) reserve * segmentBytes;
        return left
                >= switch (purpose) {
                    case GROWING -> all;
                    case MOVING -> all / 2;
                    case SETTLING -> 0;
                };
    }

    /** The segment after the current one for a frame of that span, if there is one that it may have. */
    synchronized @Nullable Segment takeNext(int span, Batch.Purpose purpose) {
        if (!maySwitch(span, purpose)) {
            return null;
        }
        Segment next = ready.remove();
        used.put(next.base, next);
        worker.wake();
        return next;
    }

    private boolean maySwitch(int span, Batch.Purpose purpose) {
        return isFull() ? !ready.isEmpty() && enough(-span, purpose) : ready.size() > reserve;
    }

    /** Sees to it that {@link #takeNext} has one; refuses if the disk is full. */
    void awaitReady(int span, Batch.Purpose purpose) {
        while (!isReady(span, purpose)) {
            prepareNext();
        }
    }

    /**
     * Whether the current segment may be used up by who can wait. Large batches fill segments faster than the disk makes
     * new ones: they leave the rest of the current one to all others until the next is there. False only while it is
     * being prepared.
     */
    synchronized boolean hasNext() {
        return stopped || gone || isFull() || ready.size() > reserve;
    }

    /** Sees to it that {@link #hasNext}. */
    void awaitNext() {
        while (!hasNext()) {
            prepareNext();
        }
    }

    private synchronized boolean isReady(int span, Batch.Purpose purpose) {
        if (stopped || gone || maySwitch(span, purpose)) {
            return true;
        }
        IOException why = full != null ? full : stalled;
        if (why != null) {
            throw refusal(why, purpose);
        }
        return false;
    }

    private MambaException refusal(IOException cause, Batch.Purpose purpose) {
        String what = switch (purpose) {
            case GROWING -> "Only the reserve is left, which is kept for settling: let messages be consumed, or";
            case MOVING -> "Half of the reserve is used, the rest is kept for settling:";
            case SETTLING -> "The reserve is used up too:";
        };
        return new MambaException(
                ErrorCode.RESOURCE_LIMIT,
                "The disk that holds " + storage.name() + " is full: " + free() + " bytes are free, but the journal"
                        + " needs another " + files.needed() + ". " + what
                        + " free space on it; work goes on by itself then",
                cause);
    }

    private String free() {
        try {
            return Long.toString(storage.free());
        } catch (IOException e) {
            return "unknown (" + e.getMessage() + ")";
        }
    }

    /**
     * A write into a segment failed. If it was for want of space, waits a moment and says true: it may be tried again.
     * Meanwhile only what settles is taken. False from the beginning of closing on.
     */
    boolean stall(IOException problem) {
        if (!isForWantOfSpace(problem)) {
            return false;
        }
        synchronized (this) {
            if (stalled == null) {
                LOG.log(
                        Level.WARNING,
                        "Cannot write to the journal in " + storage.name() + " until there is space again: "
                                + problem.getMessage());
            }
            stalled = problem;
        }
        LockSupport.parkNanos(this, RETRY_FULL_NANOS);
        return !closing;
    }

    /** A write has succeeded. */
    void endStall() {
        if (stalled != null) {
            synchronized (this) {
                stalled = null;
            }
        }
    }

    /** From now on nobody waits for space. */
    void startClosing() {
        closing = true;
    }

    private boolean isForWantOfSpace(IOException problem) {
        String message = String.valueOf(problem.getMessage());
        if (message.contains("No space left") || message.contains("quota")) {
            return true;
        }
        try {
            // The words may be in the language of the system.
            return storage.free() < CHUNK;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes a segment out of use that nothing needs any more. */
    void recycle(Segment segment) throws IOException {
        used.remove(segment.base);
        segment.retired = true;
        segment.file.close();
        files.keep(segment);
        worker.wake();
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

    @Override
    public long step(long now) {
        long again = prepareNext();
        if (full != null) {
            reclaim.run();
        }
        return again;
    }

    /** Prepares one more if there are too few; gives when to try again. */
    private long prepareNext() {
        preparing.lock();
        try {
            long base;
            synchronized (this) {
                if (stopped || gone || ready.size() > reserve) {
                    return Background.UNTIL_WOKEN;
                }
                base = nextBase;
            }
            Segment segment = files.prepare(base);
            synchronized (this) {
                if (full != null) {
                    LOG.log(Level.INFO, "There is room for the journal in {0} again", storage.name());
                }
                full = null;
                ready.add(segment);
                nextBase = segment.end();
            }
            return 0;
        } catch (IOException e) {
            if (failIfGone(e)) {
                return Background.UNTIL_WOKEN;
            }
            noteFull(e);
            return RETRY_FULL_NANOS;
        } finally {
            preparing.unlock();
        }
    }

    /** Who is told that the directory does not hold the journal any more: nothing written from now on would be found. */
    void whenGone(Consumer<IOException> listener) {
        whenGone = listener;
    }

    /** After a problem with the directory: on Unix, files that were open when it was deleted still seem to work. */
    boolean failIfGone(IOException problem) {
        if (!stopped && isGone()) {
            whenGone.accept(problem);
            gone = true;
        }
        return gone;
    }

    private boolean isGone() {
        try {
            Map.Entry<Long, Segment> last = used.lastEntry();
            return last != null && !storage.list().contains(last.getValue().fileName());
        } catch (IOException unreadable) {
            return true;
        }
    }

    private synchronized void noteFull(IOException problem) {
        if (full == null) {
            LOG.log(
                    Level.WARNING,
                    "Cannot fill a new segment of the journal in " + storage.name()
                            + "; from now on new messages are refused: " + problem.getMessage());
        }
        full = problem;
    }

    // ---- closing ------------------------------------------------------------------------------------------------

    /** @param whenFull what may bring segments back */
    void start(Runnable whenFull) {
        reclaim = whenFull;
        worker.start();
    }

    /** No segment is prepared any more. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        worker.end();
    }

    void close() throws IOException {
        preparing.lock();
        try {
            for (Segment segment : used.values()) {
                segment.file.close();
            }
            synchronized (this) {
                for (Segment segment : ready) {
                    segment.file.close();
                }
            }
        } finally {
            preparing.unlock();
        }
    }
}
