/**
 * Orders from the request of a customer to the stored order with its state. Depends on {@code catalogue},
 * {@code messages} and {@code notifications}.
 */
@NullMarked
package io.mamba.shop.orders;

import org.jspecify.annotations.NullMarked;
