/**
 * Whether the books balance: orders, units and stock from one snapshot of the database, queues and branches in doubt
 * from the provider over JMX. Reads the tables of the other parts, and is used by none.
 */
@NullMarked
package io.mamba.shop.audit;

import org.jspecify.annotations.NullMarked;
