package io.mamba.benchmark;

import jakarta.jms.Connection;

/** Repeats one operation until the time is up. Called by several threads, all with one connection. */
interface Worker {
    /** @param until as {@link System#nanoTime} counts */
    Latencies work(Connection connection, long until) throws Exception;
}
