/**
 * The products: read from the FoodMart data set into the database at the first start, then shown and looked up.
 * Depends on no other part of the shop.
 */
@NullMarked
package io.mamba.shop.catalogue;

import org.jspecify.annotations.NullMarked;
