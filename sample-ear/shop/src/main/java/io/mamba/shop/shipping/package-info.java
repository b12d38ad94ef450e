/**
 * Shipping orders for what was paid. Depends on {@code orders}.
 */
@NullMarked
package io.mamba.shop.shipping;

import org.jspecify.annotations.NullMarked;
