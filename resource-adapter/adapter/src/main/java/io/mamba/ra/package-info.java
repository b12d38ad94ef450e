/**
 * The resource adapter as a server sees it: its bean, the administered objects, what an administrator may set on them,
 * and recovery. Depends on {@code io.mamba.ra.inbound}, {@code io.mamba.jms} and {@code io.mamba.client}; the packages
 * {@code inbound} (server to bean) and {@code outbound} (bean to log) use its settings and know nothing of each other.
 */
@NullMarked
package io.mamba.ra;

import org.jspecify.annotations.NullMarked;
