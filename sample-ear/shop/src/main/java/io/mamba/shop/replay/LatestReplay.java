package io.mamba.shop.replay;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The replay that was started last. Needs nothing from the server, so it may be asked from any thread and at any moment. */
@ApplicationScoped
class LatestReplay {

    private final AtomicReference<@Nullable ReplayRun> run = new AtomicReference<>();

    @Nullable
    ReplayRun get() {
        return run.get();
    }

    void set(ReplayRun started) {
        run.set(started);
    }
}
