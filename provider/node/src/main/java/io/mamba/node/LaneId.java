package io.mamba.node;

import io.mamba.message.Address;

/**
 * One subscription on one destination. A queue has exactly one, named "".
 *
 * @param subscription unique among those of the destination
 */
public record LaneId(Address destination, String subscription) {
    public static LaneId of(Address queue) {
        return new LaneId(queue, "");
    }

    @Override
    public String toString() {
        return subscription.isEmpty() ? destination.toString() : destination + " (subscription " + subscription + ")";
    }
}
