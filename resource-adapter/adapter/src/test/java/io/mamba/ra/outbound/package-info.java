@NullMarked
package io.mamba.ra.outbound;

import org.jspecify.annotations.NullMarked;
