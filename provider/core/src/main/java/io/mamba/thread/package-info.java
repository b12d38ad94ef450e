/**
 * Where Mamba's own threads come from: plain ones in Java SE, those of the server in an application server. Depends on
 * nothing.
 */
@NullMarked
package io.mamba.thread;

import org.jspecify.annotations.NullMarked;
