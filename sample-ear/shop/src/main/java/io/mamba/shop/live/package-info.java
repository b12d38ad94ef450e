/**
 * The page's view of the shop, live: one sampler reads the state once a second for all who watch and the board keeps it with
 * versions, so that each viewer is sent what changed since it was sent something last. Depends on all parts of the shop; none
 * depends on it.
 */
@NullMarked
package io.mamba.shop.live;

import org.jspecify.annotations.NullMarked;
