package io.mamba.node;

/** What a node shows over JMX, under {@code io.mamba:type=Node,log=<directory>}. */
public interface NodeMXBean {
    /** All destinations but temporary ones, by name. */
    DestinationStatus[] getDestinations();

    /** Prepared transaction branches without an outcome, of all nodes of the log. */
    int getInDoubt();

    /** How often the log has waited for its disk to make data durable since it was opened. */
    long getForces();

    /** How many bytes the log has written since it was opened, those that fill files ahead included. */
    long getBytesWritten();

    /** How many Kafka transactions the log has committed since it was opened; 0 for an embedded one. */
    long getTransactions();

    /**
     * Sends the dead letters of a destination back to it.
     *
     * @param destination in the form {@code queue://orders}
     * @return how many were sent back
     */
    int redrive(String destination);
}
