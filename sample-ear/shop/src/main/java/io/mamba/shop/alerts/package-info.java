/**
 * Alerts about products that fell below their reorder level, kept by a durable subscriber of {@code shop.stock.low}.
 */
@NullMarked
package io.mamba.shop.alerts;

import org.jspecify.annotations.NullMarked;
