@NullMarked
package io.mamba.ra.inbound;

import org.jspecify.annotations.NullMarked;
