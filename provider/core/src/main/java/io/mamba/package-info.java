/**
 * What every layer shares: the one error type with its codes, and the parsed {@code mamba:} URL. Depends on nothing.
 */
@NullMarked
package io.mamba;

import org.jspecify.annotations.NullMarked;
