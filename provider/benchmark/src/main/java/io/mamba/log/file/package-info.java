/** What the benchmark puts below the embedded engine. */
@NullMarked
package io.mamba.log.file;

import org.jspecify.annotations.NullMarked;
