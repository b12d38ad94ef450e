/**
 * Message selectors (Jakarta Messaging 3.1, section 3.8): parser, type rules at creation, three-valued evaluation. Pure:
 * no clock, thread, I/O or logger. Depends on {@code io.mamba} only.
 */
@NullMarked
package io.mamba.selector;

import org.jspecify.annotations.NullMarked;
