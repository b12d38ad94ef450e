/**
 * The stock of each product: who may change it, and what is said when it falls low. Depends on {@code catalogue}.
 */
@NullMarked
package io.mamba.shop.stock;

import org.jspecify.annotations.NullMarked;
