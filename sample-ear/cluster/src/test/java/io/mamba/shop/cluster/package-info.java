@NullMarked
package io.mamba.shop.cluster;

import org.jspecify.annotations.NullMarked;
