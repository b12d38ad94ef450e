package io.mamba.node;

/** What a node shows over JMX, under {@code io.mamba:type=Node,log=<directory>}. */
public interface NodeMXBean {
    /** All destinations but temporary ones, by name. */
    DestinationStatus[] getDestinations();

    /** Prepared transaction branches without an outcome. */
    int getInDoubt();

    /**
     * Sends the dead letters of a destination back to it.
     *
     * @param destination in the form {@code queue://orders}
     * @return how many were sent back
     */
    int redrive(String destination);
}
