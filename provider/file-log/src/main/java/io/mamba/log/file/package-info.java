/**
 * The embedded engine: one sequential journal in one directory for all partitions, so that one write and one fdatasync
 * make a whole batch durable and everyone who waits shares them.
 *
 * <pre>
 *   FileLog (facade)
 *     |-- Appender, BatchEncoder -> Journal: place -> GroupCommit: write -> force -> Completions -> Tails
 *     |                               |-- FrameQueue, SegmentStore (segments, filled ahead, recycled)
 *     |                               `-- Contents (ends, keyed index, live counts)
 *     |-- RecordReader, FrameCursor                    read, get, latest
 *     |-- Checkpointer, Survivors                      space
 *     `-- Recovery, Checkpoints, Epochs, DirectoryLock opening and closing
 *   Storage: the only way to the disk; CountingStorage counts what it is asked for
 * </pre>
 *
 * Depends on {@code io.mamba} and {@code io.mamba.log} only. The format is in {@code docs/log-format.md}.
 */
@NullMarked
package io.mamba.log.file;

import org.jspecify.annotations.NullMarked;
