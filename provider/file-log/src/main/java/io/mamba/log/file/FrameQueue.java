package io.mamba.log.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of the journal: gives frames their place and keeps them until they are written. Guarded by the lock. */
final class FrameQueue {
    private static final long FULL = 16L << 20;
    private static final int ROUND = 4 << 20;

    /** Those before {@code head} are written; dropped when they are as many as the others. */
    private final List<Append> frames = new ArrayList<>();

    private int head;
    private long bytes;
    private Segment current;
    private long sequence;
    private long placed;

    FrameQueue(Segment current, long end, int epoch) {
        this.current = current;
        this.placed = end;
        this.sequence = (long) epoch << 40;
    }

    Segment current() {
        return current;
    }

    /** Behind the last frame that has its place. */
    long placed() {
        return placed;
    }

    /** Of the next frame. */
    long sequence() {
        return sequence;
    }

    boolean isEmpty() {
        return head == frames.size();
    }

    /** Whether whoever wants to add must first see to it that something is written. */
    boolean isFull() {
        return bytes > FULL;
    }

    boolean fits(int span) {
        return rest() >= span;
    }

    /** What is left of the current segment. */
    long rest() {
        return current.end() - placed;
    }

    void add(Append frame) {
        frame.position = placed;
        frame.sequence = sequence++;
        frame.segment = current;
        placed += frame.span;
        frames.add(frame);
        bytes += frame.span;
    }

    /** Ends the current segment and goes on in the next. */
    void roll(Segment next) {
        if (fits(Frame.HEADER)) {
            add(Append.header(Frame.Kind.END, (int) rest()));
        }
        if (next.base != current.end()) {
            throw new IllegalStateException(next.fileName() + " does not follow " + current.fileName());
        }
        current = next;
        placed = next.base;
    }

    /** A mark of how far the journal is durable, if there is room for one. */
    boolean addMark() {
        boolean fits = fits(Frame.HEADER);
        if (fits) {
            add(Append.header(Frame.Kind.MARK, Frame.HEADER));
        }
        return fits;
    }

    /** The first frames, as many as one round of writing takes. They stay in the queue until {@link #wrote}. */
    List<Append> round() {
        List<Append> round = new ArrayList<>();
        long taken = 0;
        for (Append frame : frames.subList(head, frames.size())) {
            round.add(frame);
            taken += frame.span;
            if (taken >= ROUND) {
                break;
            }
        }
        return round;
    }

    /** These are written; returns up to where the journal is. */
    long wrote(List<Append> round) {
        long end = 0;
        for (Append frame : round) {
            bytes -= frame.span;
            end = frame.end();
        }
        head += round.size();
        if (head > frames.size() - head) {
            frames.subList(0, head).clear();
            head = 0;
        }
        return isEmpty() ? placed : end;
    }

    /** The frame not written yet that covers a position, or null. */
    @Nullable
    Append covering(long position) {
        int low = head;
        int high = frames.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Append frame = frames.get(middle);
            if (position < frame.position) {
                high = middle - 1;
            } else if (position >= frame.end()) {
                low = middle + 1;
            } else {
                return frame;
            }
        }
        return null;
    }
}
