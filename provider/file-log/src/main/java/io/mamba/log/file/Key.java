package io.mamba.log.file;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record's key as a map's key. */
final class Key {
    final byte[] bytes;

    Key(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
