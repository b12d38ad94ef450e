/**
 * What a program does with Mamba, without {@code jakarta.jms}: connections, sessions, receivers, deliveries, units of
 * work, XA. The JMS layer and the resource adapter stand on this and on nothing below it. Depends on {@code
 * io.mamba.node}.
 */
@NullMarked
package io.mamba.client;

import org.jspecify.annotations.NullMarked;
