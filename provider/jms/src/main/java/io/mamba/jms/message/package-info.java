/**
 * The six message types over {@link io.mamba.message.Envelope}: headers, the conversion table of properties and bodies
 * (one place: {@code Conversions}), read-only and write-only modes, the allow-list of ObjectMessage, and copying of other
 * providers' messages. Knows no session; a received message acknowledges through a callback.
 *
 * <p>Depends on {@code io.mamba.message} and {@code io.mamba.jms.error}.
 */
@NullMarked
package io.mamba.jms.message;

import org.jspecify.annotations.NullMarked;
