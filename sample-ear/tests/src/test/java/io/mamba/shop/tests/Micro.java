package io.mamba.shop.tests;

import io.mamba.shop.run.ShopOptions;
import io.mamba.shop.run.ShopServer;
import java.util.concurrent.TimeUnit;

/** The shop on Payara Micro, as its launcher starts it. */
record Micro(ShopServer server, ShopClient shop) implements CrashRound.Server {

    static Micro start(ShopOptions options) {
        ShopServer server = ShopServer.start(options, System.out::println);
        return new Micro(server, new ShopClient(server.address()));
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public boolean died() throws InterruptedException {
        return server.process().waitFor(60, TimeUnit.SECONDS);
    }
}
