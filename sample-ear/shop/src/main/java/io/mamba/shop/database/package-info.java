/**
 * What joins Hibernate to the server: the transaction manager under its name in each, and an end that leaves nothing behind.
 * Depends on Hibernate only.
 */
@NullMarked
package io.mamba.shop.database;

import org.jspecify.annotations.NullMarked;
