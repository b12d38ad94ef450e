package io.mamba.node;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody waits for one message of a lane. Known by identity; what changes is owned by the lane's inbox. */
public final class Demand {
    /** Where the message goes: called in the lane's inbox, must only pass it on. */
    public interface Answer {
        void acquired(Acquired message);

        /** Called before it: these were taken with it, as the demand allows. */
        default void fetched(List<Acquired> more) {
            throw new IllegalStateException("a demand for one message was answered with more: " + more);
        }

        /** An administrator has deleted the queue or subscription: nothing will come. */
        default void ended() {}
    }

    private final long holder;
    private final int selector;
    private final int max;
    private final Answer answer;
    /** Completed when the log has told who has what is being claimed for it. Owned by the lane's inbox. */
    private @Nullable CompletableFuture<?> claim;

    private boolean withdrawn;

    /**
     * @param holder the session
     * @param selector a number from {@link Lane#useSelector}, or NO_SELECTOR
     */
    public Demand(long holder, int selector, Answer answer) {
        this(holder, selector, 1, answer);
    }

    /** @param max how many may be taken at once from the lane of a shared log */
    public Demand(long holder, int selector, int max, Answer answer) {
        this.holder = holder;
        this.selector = selector;
        this.max = max;
        this.answer = answer;
    }

    void claiming(CompletableFuture<?> outcome) {
        claim = outcome;
    }

    void claimed() {
        claim = null;
    }

    @Nullable
    CompletableFuture<?> claim() {
        return claim;
    }

    /** Nothing more is to be claimed for it. */
    void withdraw() {
        withdrawn = true;
    }

    /** Whether a message may be claimed for it now. */
    boolean isOpen() {
        return claim == null && !withdrawn;
    }

    int max() {
        return max;
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
