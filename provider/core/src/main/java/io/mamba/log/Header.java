package io.mamba.log;

import org.jspecify.annotations.Nullable;

/** A named value of a record. The array is not copied: neither side may change it. Null and empty are kept apart. */
public record Header(String name, byte @Nullable [] value) {
    private static final byte[] EMPTY = {};

    /** The value; empty if there is none. */
    public byte[] bytes() {
        return value == null ? EMPTY : value;
    }
}
