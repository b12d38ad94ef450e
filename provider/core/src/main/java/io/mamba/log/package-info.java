/**
 * The log SPI: what both engines promise, and nothing of queues.
 *
 * <pre>
 *   append(batch, level) --> records get positions --> tail listeners --> completion
 *                                   |
 *                      read / get / latest (committed only)
 *                                   |
 *                   release + checkpoint: space comes back
 * </pre>
 *
 * Depends on {@code io.mamba} only. The promises are the {@code LogContract} suite; {@code docs/adr/0002} says how each
 * engine keeps them.
 */
@NullMarked
package io.mamba.log;

import org.jspecify.annotations.NullMarked;
