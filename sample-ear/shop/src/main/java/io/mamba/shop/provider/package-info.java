/** The administration of the messaging provider, through its MBeans: figures, and dead letters sent back. */
@NullMarked
package io.mamba.shop.provider;

import org.jspecify.annotations.NullMarked;
