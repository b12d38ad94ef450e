@NullMarked
package io.mamba.ra;

import org.jspecify.annotations.NullMarked;
