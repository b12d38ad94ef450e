/**
 * Three JVMs pass messages on over three Kafka brokers, by transacted sessions and by XA, while brokers or JVMs fail; then all
 * topics are read. Uses Mamba as any program does, by {@code io.mamba.jms} and {@code io.mamba.admin}.
 *
 * <pre>
 * Sending --units of three--> queue.in --Passing, transacted--> queue.middle --Deciding, XA--> queue.out
 *                                                    \--> topic.seen, durable subscription "audit"
 * </pre>
 */
@NullMarked
package io.mamba.failures;

import org.jspecify.annotations.NullMarked;
