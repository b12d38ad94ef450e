/**
 * What every layer shares: the one error type with its codes, the parsed {@code mamba:} URL, settings of destinations and
 * places to start from. Depends on nothing.
 */
@NullMarked
package io.mamba;

import org.jspecify.annotations.NullMarked;
