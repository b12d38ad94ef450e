/**
 * One node per JVM and log: the queues of all partitions in memory, kept by replaying the log and by its tails.
 *
 * <pre>
 *   Node -- PartitionOwner (one inbox each) -- Lane (QueueState + who waits)
 *     |         ^ data tail: Enqueued            ^ events tail: Delivered, Settled, Prepared, ..
 *     |         |                                |
 *     `---- Log: queue.* topic.*      mamba.events      mamba.state (snapshots, subscriptions)   mamba.branches
 *
 *   a change = decide in the inbox (soft events applied), append by the caller, apply by the events tail
 * </pre>
 *
 * Depends on the machines ({@code io.mamba.queue}, {@code .transaction}, {@code .selector}), the envelope and the log.
 */
@NullMarked
package io.mamba.node;

import org.jspecify.annotations.NullMarked;
