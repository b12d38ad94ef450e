package io.mamba.queue;

/** Where an untouched waiting message stands. */
record Slot(Chunk chunk, int index) {
    long position() {
        return chunk.position(index);
    }

    int priority() {
        return chunk.priority;
    }

    int group() {
        return chunk.group(index);
    }
}
