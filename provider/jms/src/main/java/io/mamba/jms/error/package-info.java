/**
 * The one edge between Mamba's errors and those of Jakarta Messaging, checked and unchecked. Depends on {@code io.mamba}
 * only.
 */
@NullMarked
package io.mamba.jms.error;

import org.jspecify.annotations.NullMarked;
