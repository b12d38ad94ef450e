/**
 * A web shop that uses nothing but Jakarta EE: every step of an order is a message, and every bean that takes one
 * changes the database in the same transaction. This package holds what all its parts share towards HTTP: the
 * application, the answer to an error. It knows no part of the shop.
 */
@NullMarked
package io.mamba.shop;

import org.jspecify.annotations.NullMarked;
