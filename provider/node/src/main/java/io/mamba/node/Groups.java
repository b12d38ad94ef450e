package io.mamba.node;

import org.jspecify.annotations.Nullable;

/** The 64-bit hash by which a group is known; a collision costs only parallelism. */
final class Groups {
    private Groups() {}

    /** 0 for no group, never 0 for one. FNV-1a over the characters, then mixed. */
    static long hash(@Nullable String group) {
        if (group == null) {
            return 0;
        }
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < group.length(); i++) {
            hash = (hash ^ group.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }
}
