/**
 * The Kafka engine: a log whose partitions are those of Kafka topics, shared by any number of nodes.
 *
 * <pre>
 *   KafkaLog (facade)
 *     |-- Writers: PlainWriter (one record)                          append
 *     |            Stripe (a thread and a transactional producer: group commit)
 *     |-- Readers (pooled consumers that never wait)                 read, get, latest
 *     |-- Tails (one consumer, one thread)                           tail, completion of batches with events
 *     |-- Topics (names, creation, limits), Owners                   create, check, acquire
 *     |-- Members (who takes part)                                   join
 *     `-- Releases (what nobody needs any more)                      release, retain, checkpoint
 *   Clients: the only maker of producers, consumers and the admin; KafkaErrors: the only translator of what they throw
 * </pre>
 *
 * The only code that imports {@code org.apache.kafka}. Depends on {@code io.mamba} and {@code io.mamba.log} besides;
 * {@code docs/adr/0002} has what was tried on a real broker, {@code 0011} why a partition of the log has no owner.
 */
@NullMarked
package io.mamba.log.kafka;

import org.jspecify.annotations.NullMarked;
