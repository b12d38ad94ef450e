/**
 * Connection factories and destinations from JNDI without a naming server: an initial context over the environment's
 * properties, and the object factory for references. Depends on {@code io.mamba.jms}.
 */
@NullMarked
package io.mamba.jndi;

import org.jspecify.annotations.NullMarked;
