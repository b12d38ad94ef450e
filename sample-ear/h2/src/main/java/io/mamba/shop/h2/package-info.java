/**
 * H2 as a resource manager that a transaction manager can recover after a crash. H2's own {@code XAResource} keeps in the
 * connection what belongs to the branch: after {@code recover} it rolls back the first branch it is told to and answers "done" for all
 * others without doing anything, so that their rows stay locked for ever. The server's pool uses the data source of this package
 * instead. Depends on H2 only.
 */
@NullMarked
package io.mamba.shop.h2;

import org.jspecify.annotations.NullMarked;
