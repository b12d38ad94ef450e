/** What joins Hibernate to the server: the transaction manager under its name in each. Depends on Hibernate only. */
@NullMarked
package io.mamba.shop.database;

import org.jspecify.annotations.NullMarked;
