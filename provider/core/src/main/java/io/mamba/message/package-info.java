/**
 * The immutable message as every layer passes it on, and its form on the log, which a plain Kafka consumer can read
 * ({@code docs/log-format.md}). Depends on {@code io.mamba.log} for the record type only; knows no Jakarta API.
 */
@NullMarked
package io.mamba.message;

import org.jspecify.annotations.NullMarked;
