package io.mamba.queue;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Goes over all messages that a lane needs, ascending by position. Valid until the next change. */
final class LiveMessages implements PrimitiveIterator.OfLong {
    private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();
    private final long last;
    private @Nullable Cursor current;
    /** Whether {@link #current} stands at the next message already, no more at the one given last. */
    private boolean advanced;

    /**
     * @param after the position after which to begin
     * @param last the position with which to end
     */
    LiveMessages(Messages messages, long after, long last) {
        this.last = last;
        for (int priority = 0; priority < Waiting.PRIORITIES; priority++) {
            add(new WaitingCursor(messages.waiting.chunks(priority), after + 1));
        }
        add(new TouchedCursor(messages.touched.after(after)));
    }

    private void add(Cursor cursor) {
        if (cursor.advance() && cursor.position <= last) {
            cursors.add(cursor);
        }
    }

    @Override
    public boolean hasNext() {
        if (current != null && !advanced) {
            advanced = true;
            if (!current.advance() || current.position > last) {
                current = null;
            }
        }
        return current != null || !cursors.isEmpty();
    }

    /** Goes to the next message, which {@link #waiting()} or {@link #touched()} gives until the next call. */
    @Override
    public long nextLong() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        // Neighbours are often of one priority: the cursor that gave the last one stays out of the queue while it
        // leads.
        Cursor next = current;
        Cursor rival = cursors.peek();
        if (next == null || (rival != null && rival.position < next.position)) {
            Cursor first = cursors.remove();
            if (next != null) {
                cursors.add(next);
            }
            next = first;
        }
        current = next;
        advanced = false;
        return next.position;
    }

    /** The next message that is AVAILABLE, or -1. */
    long nextAvailable() {
        while (hasNext()) {
            long position = nextLong();
            Touched touched = touched();
            Slot waiting = waiting();
            if ((touched != null && touched.state == MessageState.AVAILABLE)
                    || (waiting != null && !waiting.chunk().isLeaving(waiting.index()))) {
                return position;
            }
        }
        return -1;
    }

    /** The next message that is AVAILABLE and waits for no time, or -1. */
    long nextUnscheduled() {
        long position = nextAvailable();
        while (position >= 0 && isScheduled()) {
            position = nextAvailable();
        }
        return position;
    }

    private boolean isScheduled() {
        Touched touched = touched();
        Slot waiting = waiting();
        return touched != null
                ? touched.scheduled()
                : waiting != null && waiting.chunk().delayOf(waiting.index()) != 0;
    }

    /** Where the message stands that was given last, if it is untouched. */
    @Nullable
    Slot waiting() {
        return current instanceof WaitingCursor cursor ? cursor.slot() : null;
    }

    /** The message that was given last, if it is touched. */
    @Nullable
    Touched touched() {
        return current instanceof TouchedCursor cursor ? cursor.message() : null;
    }

    private abstract static class Cursor implements Comparable<Cursor> {
        long position;

        abstract boolean advance();

        @Override
        public int compareTo(Cursor other) {
            return Long.compare(position, other.position);
        }
    }

    private static final class WaitingCursor extends Cursor {
        private final ChunkList chunks;
        private int chunk;
        private int slot = -1;

        WaitingCursor(ChunkList chunks, long from) {
            this.chunks = chunks;
            if (!chunks.isEmpty()) {
                chunk = Math.max(0, chunks.floor(from));
                slot = chunks.get(chunk).ceiling(from) - 1;
            }
        }

        @Override
        boolean advance() {
            for (; chunk < chunks.size(); chunk++, slot = -1) {
                Chunk here = chunks.get(chunk);
                slot = slot + 1 < here.used() ? here.nextAlive(slot + 1) : -1;
                if (slot >= 0) {
                    position = here.position(slot);
                    return true;
                }
            }
            return false;
        }

        Slot slot() {
            return new Slot(chunks.get(chunk), slot);
        }
    }

    private static final class TouchedCursor extends Cursor {
        private final Iterator<Touched> messages;
        private @Nullable Touched message;

        TouchedCursor(Iterator<Touched> messages) {
            this.messages = messages;
        }

        @Override
        boolean advance() {
            message = messages.hasNext() ? messages.next() : null;
            if (message == null) {
                return false;
            }
            position = message.position;
            return true;
        }

        @Nullable
        Touched message() {
            return message;
        }
    }
}
