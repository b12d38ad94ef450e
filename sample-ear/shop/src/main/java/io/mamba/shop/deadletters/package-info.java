/** Messages that no bean could handle: why, and the way back. */
@NullMarked
package io.mamba.shop.deadletters;

import org.jspecify.annotations.NullMarked;
