/**
 * Tries each operation of the log SPI on a real Kafka broker, with kafka-clients alone: what Kafka promises, what it
 * does not, what it costs. {@code docs/adr/0002-log-spi.md} draws the conclusions. Depends on nothing of Mamba's.
 */
@NullMarked
package io.mamba.trial;

import org.jspecify.annotations.NullMarked;
