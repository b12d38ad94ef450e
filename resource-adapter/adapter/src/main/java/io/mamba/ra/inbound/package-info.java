/**
 * From the log to message-driven beans: what an activation says, and its life as slots, each a session with an XA
 * resource and an endpoint.
 *
 * <pre>
 * Activation        opens and reopens the log for ever, one per bean
 *   EndpointPool    one connection to the log and its slots; gone as a whole
 *     Slot          session + receiver + XAResource + MessageEndpoint; runs as a Work while there is something to do
 *       Attempt     one delivery: beforeDelivery, mark, onMessage, afterDelivery, settled in one place
 * </pre>
 *
 * Depends on {@code io.mamba.client}, on {@code io.mamba.jms} for messages, and on the settings of {@code io.mamba.ra}.
 */
@NullMarked
package io.mamba.ra.inbound;

import org.jspecify.annotations.NullMarked;
