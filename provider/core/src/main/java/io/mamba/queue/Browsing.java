package io.mamba.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** Goes over the messages that a browser sees, in delivery order. Valid until the next change. */
final class Browsing implements PrimitiveIterator.OfLong {
    private final Messages messages;
    private final long now;
    private final List<Touched> touched = new ArrayList<>();
    private int touchedIndex;
    private int priority = Waiting.PRIORITIES - 1;
    private int chunk;
    private int slot;
    private @Nullable Candidate waiting;

    Browsing(Messages messages, Instant now) {
        this.messages = messages;
        this.now = now.toEpochMilli();
        for (Touched message : messages.touched.all()) {
            if (message.state == MessageState.AVAILABLE
                    && message.deliverAt <= this.now
                    && !message.expired(this.now)) {
                touched.add(message);
            }
        }
        touched.sort(Touched.DELIVERY_ORDER);
    }

    @Override
    public boolean hasNext() {
        return touchedIndex < touched.size() || findWaiting() != null;
    }

    @Override
    public long nextLong() {
        Candidate untouched = findWaiting();
        Touched other = touchedIndex < touched.size() ? touched.get(touchedIndex) : null;
        if (other != null && (untouched == null || Candidate.of(other).compareTo(untouched) < 0)) {
            touchedIndex++;
            return other.position;
        }
        if (untouched == null) {
            throw new NoSuchElementException();
        }
        waiting = null;
        return untouched.position();
    }

    private @Nullable Candidate findWaiting() {
        while (waiting == null && priority >= 0) {
            ChunkList chunks = messages.waiting.chunks(priority);
            if (chunk >= chunks.size()) {
                priority--;
                chunk = 0;
                slot = 0;
                continue;
            }
            Chunk here = chunks.get(chunk);
            int found = slot < here.used() ? here.nextAlive(slot) : -1;
            if (found < 0) {
                chunk++;
                slot = 0;
                continue;
            }
            slot = found + 1;
            if (isVisible(here, found)) {
                waiting = Candidate.of(here, found, false);
            }
        }
        return waiting;
    }

    private boolean isVisible(Chunk here, int found) {
        long expiry = here.expiryOf(found);
        return !here.isLeaving(found) && here.delayOf(found) <= now && (expiry == 0 || expiry > now);
    }
}
