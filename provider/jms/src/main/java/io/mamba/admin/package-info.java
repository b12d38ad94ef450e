/**
 * Administration by program: the one API under JMX, command line and console. Depends on {@code io.mamba.node} and {@code io.mamba.access}, not on
 * Jakarta Messaging.
 */
@NullMarked
package io.mamba.admin;

import org.jspecify.annotations.NullMarked;
