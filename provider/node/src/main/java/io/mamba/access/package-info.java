/**
 * Who may use a log, and for what: users with salted password hashes and rights per destination, in one text file that
 * {@code users=} names. Depends on {@code io.mamba} and {@code io.mamba.message}; asked by {@code io.mamba.client},
 * changed by {@code io.mamba.admin}.
 */
@NullMarked
package io.mamba.access;

import org.jspecify.annotations.NullMarked;
