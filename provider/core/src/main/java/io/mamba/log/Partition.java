package io.mamba.log;

/**
 * One ordered sequence of records. Positions in it are opaque, grow, have gaps and never change.
 *
 * @param topic the topic's name, for example {@code queue.orders} or {@code mamba.state}; see {@link #FOREIGN}
 * @param number the partition's number within the topic, from 0
 */
public record Partition(String topic, int number) {
    /**
     * What the name of a topic begins with that other programs have created in a shared log's cluster, and whose name there
     * follows. The log never creates such a topic, and lets go of nothing in it.
     */
    public static final String FOREIGN = "foreign:";

    /** Whether it is of a topic of other programs. */
    public boolean isForeign() {
        return topic.startsWith(FOREIGN);
    }

    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
