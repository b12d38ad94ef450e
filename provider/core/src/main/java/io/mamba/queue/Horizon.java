package io.mamba.queue;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How far the scans of one view have come in one priority: nothing before {@link #start()} can be taken, but for a few
 * messages that can be taken again.
 */
final class Horizon {
    /** More exceptions than this are not worth the memory: scans begin at the first of them. */
    private static final int MOST_EXCEPTIONS = 256;

    private long start = Long.MAX_VALUE;
    private NavigableSet<Long> exceptions = Collections.emptyNavigableSet();

    long start() {
        return start;
    }

    /** Positions before the start to look at first, ascending; some may not be there any more. */
    NavigableSet<Long> exceptions() {
        return exceptions;
    }

    /** A message that arrived behind all others that are here can be taken. */
    void append(long position) {
        if (position < start) {
            start = position;
            keep(exceptions.headSet(position, false));
        }
    }

    /** A message can be taken (again). */
    void show(long position) {
        if (position >= start) {
            return;
        }
        if (exceptions.isEmpty()) {
            exceptions = new TreeSet<>();
        }
        exceptions.add(position);
        if (exceptions.size() > MOST_EXCEPTIONS) {
            start = exceptions.first();
            exceptions = Collections.emptyNavigableSet();
        }
    }

    /** A scan found this to be the first that can be taken. */
    void advance(long position) {
        start = Math.max(start, position);
        if (!exceptions.isEmpty()) {
            keep(exceptions.tailSet(position, true));
        }
    }

    private void keep(NavigableSet<Long> rest) {
        exceptions = rest.isEmpty() ? Collections.emptyNavigableSet() : new TreeSet<>(rest);
    }

    /** Nothing can be taken. */
    void clear() {
        advance(Long.MAX_VALUE);
    }
}
