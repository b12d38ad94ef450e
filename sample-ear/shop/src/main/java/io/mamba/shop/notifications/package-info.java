/**
 * What a customer is told: one message on {@code shop.notifications} for each change of an order.
 */
@NullMarked
package io.mamba.shop.notifications;

import org.jspecify.annotations.NullMarked;
