package io.mamba.benchmark;

import jakarta.jms.Connection;
import java.util.function.BooleanSupplier;

/** Repeats one operation as long as there shall be more. Called by several threads, all with one connection. */
interface Worker {
    Latencies work(Connection connection, BooleanSupplier more) throws Exception;
}
