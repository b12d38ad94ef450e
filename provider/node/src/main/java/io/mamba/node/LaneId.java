package io.mamba.node;

import io.mamba.message.Address;

/**
 * One subscription on one destination, or on one of its parts. A queue has exactly one, named "".
 *
 * @param destination or the part of it whose partition the lane is of
 * @param subscription unique among those of the destination
 */
public record LaneId(Address destination, String subscription) {
    public static LaneId of(Address queue) {
        return new LaneId(queue, "");
    }

    @Override
    public String toString() {
        return destination.inWords() + (subscription.isEmpty() ? "" : " (subscription " + subscription + ")");
    }
}
