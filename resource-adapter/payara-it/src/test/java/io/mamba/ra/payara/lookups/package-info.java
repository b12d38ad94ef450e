/** Factories and destinations that an application defines by annotations. Depends on Jakarta EE. */
@NullMarked
package io.mamba.ra.payara.lookups;

import org.jspecify.annotations.NullMarked;
