package io.mamba.log.file;

import java.io.IOException;
import java.util.List;

/**
 * The files of one directory: the engine's only way to the disk, so that a test can put a faulty disk under it and
 * count forces. Thread-safe. No call is disturbed by an interrupt.
 */
interface Storage {
    /** How messages name the directory. */
    String name();

    List<String> list() throws IOException;

    /** Opens an existing file for reading and writing. */
    StorageFile open(String file) throws IOException;

    /** Creates an empty file, in the place of one of that name. */
    StorageFile create(String file) throws IOException;

    /** Renames atomically, in the place of a file of the new name. */
    void rename(String from, String to) throws IOException;

    void delete(String file) throws IOException;

    /** How many bytes of the disk are free, as far as that is known. */
    long free() throws IOException;

    /** Makes creations, renames and deletions durable. */
    void force() throws IOException;
}
