/**
 * Measures Mamba through the public API against the bare disk below it, and prints tables. Used by nobody, deployed
 * nowhere; {@code docs/performance.md} says how to run it and what came out.
 */
@NullMarked
package io.mamba.benchmark;

import org.jspecify.annotations.NullMarked;
