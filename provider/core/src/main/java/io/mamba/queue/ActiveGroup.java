package io.mamba.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A group of which a message is with someone, or of which messages were set aside while that was so. */
final class ActiveGroup {
    final int number;
    /** How many {@link #holder} has ACQUIRED. */
    int acquired;

    long holder;
    /** How many keep everybody away: in a unit under way, prepared or backing off. */
    int locks;

    /** How many {@link #member}, and no other, has claimed to hand them out. */
    int claims;

    long member;

    private @Nullable Parked[] parked = {};

    ActiveGroup(int number) {
        this.number = number;
    }

    boolean isFree() {
        return acquired == 0 && locks == 0 && claims == 0;
    }

    /** @param ending locks that are over, though no tick has said so yet */
    boolean blockedFor(long asking, int ending) {
        return locks > ending || (acquired > 0 && holder != asking);
    }

    boolean hasParked() {
        return parked.length > 0;
    }

    /** What is set aside from the view, or null. */
    @Nullable
    Parked parked(int view) {
        return view < parked.length ? parked[view] : null;
    }

    void park(int view, int priority, long position) {
        if (view >= parked.length) {
            parked = Arrays.copyOf(parked, view + 1);
        }
        Parked ofView = parked[view];
        if (ofView == null) {
            ofView = new Parked();
            parked[view] = ofView;
        }
        ofView.add(priority, position);
    }

    void forget(int priority, long position) {
        for (Parked ofView : parked) {
            if (ofView != null) {
                ofView.forget(priority, position);
            }
        }
    }

    void unpark(int priority, long position) {
        for (Parked ofView : parked) {
            if (ofView != null) {
                ofView.remove(priority, position);
            }
        }
    }

    void dropView(int view) {
        if (view < parked.length) {
            parked[view] = null;
        }
    }

    /** Lets the first message set aside from each view be seen again. Answers whether nothing is left. */
    boolean show(Waiting waiting) {
        boolean nothingLeft = true;
        for (int view = 0; view < parked.length; view++) {
            Parked ofView = parked[view];
            if (ofView != null) {
                waiting.unpark(ofView, view);
                if (ofView.isEmpty()) {
                    parked[view] = null;
                } else {
                    nothingLeft = false;
                }
            }
        }
        return nothingLeft;
    }
}
