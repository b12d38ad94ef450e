package io.mamba.queue;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes over the waiting messages that a view can take, in delivery order. Valid until the next change. */
final class Scan implements Iterator<Candidate> {
    /** Passing fewer chunks and exceptions in vain than this is not worth remembering. */
    private static final int WORTHWHILE = 8;

    private final Waiting waiting;
    private final int view;
    private int priority;
    private int chunk;
    private int slot;
    private int passed;
    private Iterator<Long> exceptions = Collections.emptyIterator();
    private @Nullable Candidate next;
    private @Nullable Candidate last;

    Scan(Waiting waiting, int view) {
        this.waiting = waiting;
        this.view = view;
        begin(Waiting.PRIORITIES - 1);
    }

    private void begin(int newPriority) {
        priority = newPriority;
        chunk = 0;
        slot = 0;
        if (priority >= 0) {
            ChunkList chunks = waiting.chunks(priority);
            Horizon horizon = waiting.horizon(view, priority);
            exceptions = horizon.exceptions().iterator();
            long start = horizon.start();
            if (start == Long.MAX_VALUE) {
                chunk = chunks.size();
            } else if (!chunks.isEmpty()) {
                chunk = Math.max(0, chunks.floor(start));
                slot = chunks.get(chunk).ceiling(start);
            }
        }
    }

    @Override
    public boolean hasNext() {
        while (next == null && priority >= 0) {
            if (exceptions.hasNext()) {
                next = exception(exceptions.next());
                continue;
            }
            ChunkList chunks = waiting.chunks(priority);
            if (chunk >= chunks.size()) {
                begin(priority - 1);
                continue;
            }
            Chunk current = chunks.get(chunk);
            int found = slot < current.used() ? current.nextVisible(view, slot) : -1;
            if (found >= 0) {
                next = Candidate.of(current, found, true);
                slot = found + 1;
            } else {
                chunk++;
                slot = 0;
                passed++;
            }
        }
        return next != null;
    }

    /** The exception, if it can still be taken. */
    private @Nullable Candidate exception(long position) {
        Slot place = waiting.find(position, priority);
        if (place != null && place.chunk().isVisible(view, place.index())) {
            return Candidate.of(place.chunk(), place.index(), true);
        }
        passed++;
        return null;
    }

    @Override
    public Candidate next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Candidate result = next;
        last = result;
        next = null;
        return result;
    }

    /** Whether the next scan should begin where this one came to. */
    boolean worthwhile() {
        return passed >= WORTHWHILE;
    }

    /**
     * By priority, where the next scan can begin: at the last message given, which was not used, or nowhere if all were.
     * -1 where this scan did not look.
     */
    long[] progress() {
        long[] found = new long[Waiting.PRIORITIES];
        Arrays.fill(found, Long.MAX_VALUE);
        if (last != null && priority >= 0) {
            Arrays.fill(found, 0, last.priority(), -1);
            found[last.priority()] = last.position();
        }
        return found;
    }
}
