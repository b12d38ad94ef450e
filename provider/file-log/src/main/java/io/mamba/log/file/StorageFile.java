package io.mamba.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Storage}. Thread-safe. No call is disturbed by an interrupt. */
interface StorageFile extends Closeable {
    long size() throws IOException;

    /** Writes all that remains in the buffer. */
    void write(ByteBuffer from, long offset) throws IOException;

    /** Reads until the buffer is full or the file ends, and returns how many bytes that were. */
    int read(ByteBuffer into, long offset) throws IOException;

    /** Makes the content durable; with {@code metadata} the file's length and blocks too. */
    void force(boolean metadata) throws IOException;
}
