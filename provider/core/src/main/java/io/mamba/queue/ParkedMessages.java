package io.mamba.queue;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes over what is set aside of a group, leaving out what has gone since. Valid until the next change. */
final class ParkedMessages implements Iterator<Candidate> {
    private final Waiting waiting;
    private final Parked parked;
    private int priority = Waiting.PRIORITIES - 1;
    private int index;
    private @Nullable Candidate next;

    ParkedMessages(Waiting waiting, Parked parked) {
        this.waiting = waiting;
        this.parked = parked;
    }

    @Override
    public boolean hasNext() {
        while (next == null && priority >= 0) {
            if (index >= parked.count(priority)) {
                priority--;
                index = 0;
                continue;
            }
            Slot slot = waiting.find(parked.get(priority, index++));
            if (slot != null && !slot.chunk().isLeaving(slot.index())) {
                next = Candidate.of(slot.chunk(), slot.index(), false);
            }
        }
        return next != null;
    }

    @Override
    public Candidate next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Candidate result = next;
        next = null;
        return result;
    }
}
