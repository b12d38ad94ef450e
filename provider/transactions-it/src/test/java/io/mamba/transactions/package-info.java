/**
 * One transaction over Mamba and PostgreSQL, with Narayana as transaction manager: endings, crashes, recovery. Uses Mamba
 * as any program does, by {@code io.mamba.jms} and {@code io.mamba.admin}.
 */
@NullMarked
package io.mamba.transactions;

import org.jspecify.annotations.NullMarked;
