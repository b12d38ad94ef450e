package io.mamba.node;

/** A destination as administrators see it; an open type over JMX. */
public final class DestinationStatus {
    private final String name;
    private final long depth;
    private final long inFlight;
    private final long deadLettered;
    private final long settled;

    public DestinationStatus(String name, long depth, long inFlight, long deadLettered, long settled) {
        this.name = name;
        this.depth = depth;
        this.inFlight = inFlight;
        this.deadLettered = deadLettered;
        this.settled = settled;
    }

    /** In the form {@code queue://orders}. */
    public String getName() {
        return name;
    }

    /** Messages that wait, delayed ones included; for a topic over all its subscriptions. */
    public long getDepth() {
        return depth;
    }

    /** Messages that are with a consumer or in a transaction, prepared ones included. */
    public long getInFlight() {
        return inFlight;
    }

    /** Messages that wait in the destination's dead-letter queue. */
    public long getDeadLettered() {
        return deadLettered;
    }

    /** Messages that were settled so far; for a topic over the subscriptions it has now. Two readings make a rate. */
    public long getSettled() {
        return settled;
    }
}
