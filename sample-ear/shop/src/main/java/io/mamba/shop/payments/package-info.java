/**
 * Payments: an order becomes PAID and its units leave the stock, or it is refused because a product is short.
 * Depends on {@code orders} and {@code stock}.
 */
@NullMarked
package io.mamba.shop.payments;

import org.jspecify.annotations.NullMarked;
