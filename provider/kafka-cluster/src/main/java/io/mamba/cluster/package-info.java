/**
 * Kafka clusters for tests: real brokers, each a process of its own on loopback, from the jars on the class path. Never
 * shipped. Depends on Kafka only, so that whatever speaks to Kafka may be tested with it.
 */
@NullMarked
package io.mamba.cluster;

import org.jspecify.annotations.NullMarked;
