package io.mamba.node;

/** Somebody waits for one message of a lane. Immutable; known by identity. */
public final class Demand {
    /** Where the message goes: called in the lane's inbox, must only pass it on. */
    public interface Answer {
        void acquired(Acquired message);

        /** An administrator has deleted the queue or subscription: nothing will come. */
        default void ended() {}
    }

    private final long holder;
    private final int selector;
    private final Answer answer;

    /**
     * @param holder the session
     * @param selector a number from {@link Lane#useSelector}, or NO_SELECTOR
     */
    public Demand(long holder, int selector, Answer answer) {
        this.holder = holder;
        this.selector = selector;
        this.answer = answer;
    }

    long holder() {
        return holder;
    }

    int selector() {
        return selector;
    }

    Answer answer() {
        return answer;
    }
}
