/**
 * From beans to the log: connection factories, the connections that the server pools, and the leases on them by which
 * the classes of {@code io.mamba.jms} work. Depends on {@code io.mamba.client}, {@code io.mamba.jms} and on the settings
 * of {@code io.mamba.ra}.
 */
@NullMarked
package io.mamba.ra.outbound;

import org.jspecify.annotations.NullMarked;
