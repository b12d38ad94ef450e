package io.mamba.log;

/** One listener's following of a partition. */
public interface Tail extends AutoCloseable {
    /**
     * Whether somebody waits for the next record to come. While nobody does, the log may tell of it some milliseconds later,
     * together with others; what a {@linkplain Log#fence fence} was asked for is told without delay in any case.
     */
    default void awaited(boolean somebodyWaits) {}

    /** Ends it. After it returned no further call of the listener begins. */
    @Override
    void close();
}
