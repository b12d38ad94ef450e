/** Mamba below Spring's JMS support and below a connection pool, as programs use it. */
@NullMarked
package io.mamba.spring;

import org.jspecify.annotations.NullMarked;
