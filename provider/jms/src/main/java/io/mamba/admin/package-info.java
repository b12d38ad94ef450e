/**
 * Administration by program: the one API under JMX, command line and console. Depends on {@code io.mamba.node}, not on
 * Jakarta Messaging.
 */
@NullMarked
package io.mamba.admin;

import org.jspecify.annotations.NullMarked;
