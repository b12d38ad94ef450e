/**
 * The embedded engine: one sequential journal in one directory for all partitions, so that one write and one fdatasync
 * make a whole batch durable and everyone who waits shares them.
 *
 * <pre>
 *   FileLog (facade)
 *     |-- BatchEncoder -> Journal: place -> write -> force -> Completions -> Tails
 *     |                     |-- JournalWriter, SegmentStore (segments, filled ahead, recycled)
 *     |                     `-- Contents (ends, keyed index, live counts)
 *     |-- RecordReader, FrameCursor                    read, get, latest
 *     `-- Recovery, Checkpoint, Epochs, DirectoryLock  opening and closing
 *   Storage: the only way to the disk
 * </pre>
 *
 * Depends on {@code io.mamba} and {@code io.mamba.log} only. The format is in {@code docs/log-format.md}.
 */
@NullMarked
package io.mamba.log.file;

import org.jspecify.annotations.NullMarked;
