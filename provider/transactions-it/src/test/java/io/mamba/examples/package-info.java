/** The examples of the README, compiled and run. */
@NullMarked
package io.mamba.examples;

import org.jspecify.annotations.NullMarked;
