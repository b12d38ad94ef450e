/** Jakarta Messaging on Kafka, beside programs that use Kafka's own clients, and when a cluster refuses. Profile {@code kafka}. */
@NullMarked
package io.mamba.jms.kafka;

import org.jspecify.annotations.NullMarked;
