/**
 * Plays the orders of the FoodMart data set into the shop at a given rate and pays each as soon as it is CREATED.
 * Depends on {@code orders} and {@code payments}; the shop does not depend on it.
 */
@NullMarked
package io.mamba.shop.replay;

import org.jspecify.annotations.NullMarked;
