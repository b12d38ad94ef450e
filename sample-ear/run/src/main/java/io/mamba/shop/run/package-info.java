/**
 * Starts the shop: Payara Micro in a process of its own, with Mamba's resource adapter, the pools and the application. Needs
 * nothing but the JDK and the files beside it. {@link io.mamba.shop.run.ShopLauncher} is the program,
 * {@link io.mamba.shop.run.ShopServer} what it and the tests start and stop.
 */
@NullMarked
package io.mamba.shop.run;

import org.jspecify.annotations.NullMarked;
