/**
 * Message-driven beans of all kinds, transactions of the container and of beans, and what a container forbids. Depends on
 * Jakarta EE and on the application's means to send and receive.
 */
@NullMarked
package io.mamba.ra.payara.messaging;

import org.jspecify.annotations.NullMarked;
