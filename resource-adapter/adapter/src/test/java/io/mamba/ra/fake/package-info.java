@NullMarked
package io.mamba.ra.fake;

import org.jspecify.annotations.NullMarked;
