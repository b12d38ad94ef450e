package io.mamba.log;

/** Ends a tail. After {@code close} returned no further call begins. */
public interface Tail extends AutoCloseable {
    @Override
    void close();
}
