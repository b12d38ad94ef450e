package io.mamba.log;

/**
 * One ordered sequence of records. Positions in it are opaque, grow, have gaps and never change.
 *
 * @param topic the topic's name, for example {@code queue.orders} or {@code mamba.state}
 * @param number the partition's number within the topic, from 0
 */
public record Partition(String topic, int number) {
    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
