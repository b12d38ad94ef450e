package io.mamba.shop.cluster;

import io.mamba.shop.run.ShopException;
import io.mamba.shop.run.ShopOptions;
import io.mamba.shop.run.ShopServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the shop, kept running: when its server ends, another is started after a pause in which one sees how the
 * others go on without it. Watched by a thread of its own; any thread may close it.
 */
final class Instance implements AutoCloseable {

    static final Duration PAUSE = Duration.ofSeconds(20);

    private final String name;
    private final ShopOptions options;
    private final Consumer<String> progress;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable ShopServer server;

    private Instance(String name, ShopOptions options, Consumer<String> progress) {
        this.name = name;
        this.options = options;
        this.progress = progress;
    }

    static Instance of(String name, ShopOptions options, Consumer<String> progress) {
        return new Instance(name, options, line -> progress.accept(name + ": " + line));
    }

    /** Returns when the shop answers. */
    void start() {
        ShopServer started = launch();
        if (started != null) {
            started.awaitReady(progress);
            progress.accept("open at " + started.address() + ", process "
                    + started.process().pid());
        }
    }

    /** Keeps it running until it is closed. */
    void watch() {
        Thread thread = new Thread(this::keep, "watch-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    String name() {
        return name;
    }

    @Nullable
    Long pid() {
        ShopServer running = server();
        return running == null ? null : running.process().pid();
    }

    private void keep() {
        try {
            for (ShopServer running = server(); running != null; running = server()) {
                int exit = running.process().waitFor();
                if (closing.getCount() == 0) {
                    return;
                }
                progress.accept("ended (exit code " + exit + "); starting it again in " + PAUSE.toSeconds() + " s");
                if (closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                startAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAgain() {
        try {
            start();
        } catch (ShopException e) {
            progress.accept("cannot start. " + e.getMessage());
        }
    }

    private synchronized @Nullable ShopServer server() {
        return server;
    }

    private synchronized @Nullable ShopServer launch() {
        if (closing.getCount() > 0) {
            server = ShopServer.launch(options, progress);
        }
        return server;
    }

    @Override
    public void close() {
        ShopServer last;
        synchronized (this) {
            closing.countDown();
            last = server;
        }
        if (last != null) {
            last.stop();
        }
    }
}
