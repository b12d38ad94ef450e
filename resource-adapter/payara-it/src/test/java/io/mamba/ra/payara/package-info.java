/** Mamba in a real server: what an application sees of the resource adapter. Depends on Jakarta EE only. */
@NullMarked
package io.mamba.ra.payara;

import org.jspecify.annotations.NullMarked;
