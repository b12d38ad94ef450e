package io.mamba.node;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who sends: by this, sends that wait for room in a full destination are ended, and all messages of one go to one partition of a
 * destination. Thread-safe.
 */
public final class Sender {
    private final long number;
    private final Set<Gate> waitingAt = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Somebody who sends once. */
    public Sender() {
        this(0);
    }

    /** @param number another for each of those whose messages may go to different partitions */
    public Sender(long number) {
        this.number = number;
    }

    long number() {
        return number;
    }

    /** Sends that wait are refused with ILLEGAL_STATE, and none waits any more. */
    public void end() {
        ended = true;
        waitingAt.forEach(Gate::wake);
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Before it looks whether this has ended, and waits: so that no end is missed. */
    void waitsAt(Gate gate) {
        waitingAt.add(gate);
    }

    void waitsNoMoreAt(Gate gate) {
        waitingAt.remove(gate);
    }
}
