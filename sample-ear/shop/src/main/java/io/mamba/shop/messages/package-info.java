/**
 * How the shop writes and reads its messages: the names of its destinations, JSON bodies, one way to send.
 * Depends on Jakarta Messaging and JSON only; every part of the shop may use it.
 */
@NullMarked
package io.mamba.shop.messages;

import org.jspecify.annotations.NullMarked;
