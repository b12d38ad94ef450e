/**
 * Transaction branches as a pure state machine: which call is legal when, and what it leads to. No clock, thread, I/O or
 * logger; knows nothing of queues. Depends on {@code io.mamba} only.
 */
@NullMarked
package io.mamba.transaction;

import org.jspecify.annotations.NullMarked;
