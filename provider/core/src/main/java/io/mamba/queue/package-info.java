/**
 * The queue as a pure state machine: no clock, thread, I/O or logger. One {@link io.mamba.queue.QueueState} per lane
 * (one subscription on one partition).
 *
 * <pre>
 *   command --> decide(command, now) --> Decision --> soft events  : applied at once, never logged
 *               changes nothing                  `--> events       : logged, applied when the log has accepted them
 *                                                `--> reply        : for the caller
 *   replay  -----------------------------------------> apply(event): the only mutator
 * </pre>
 *
 * Depends on {@code io.mamba} only.
 */
@NullMarked
package io.mamba.queue;

import org.jspecify.annotations.NullMarked;
