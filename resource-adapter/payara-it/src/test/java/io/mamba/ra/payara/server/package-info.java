/** How Arquillian starts the server. Outside of it, unlike the other packages. */
@NullMarked
package io.mamba.ra.payara.server;

import org.jspecify.annotations.NullMarked;
