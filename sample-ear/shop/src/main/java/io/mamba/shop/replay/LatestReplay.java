package io.mamba.shop.replay;

import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The replay that was started last, at whichever instance of the shop. Needs nothing from the server, so it may be asked from any thread and at any moment. */
@ApplicationScoped
public class LatestReplay {

    private final AtomicReference<@Nullable ReplayRun> run = new AtomicReference<>();

    @Nullable
    ReplayRun get() {
        return run.get();
    }

    void set(ReplayRun started) {
        run.set(started);
    }

    /** A customer was told of an order of a replay. */
    void told(String replay, String orderId, String state, Instant now) {
        ReplayRun latest = run.updateAndGet(current -> ReplayRun.heardOf(replay, now)
                .filter(heard -> heard.isNewerThan(current))
                .orElse(current));
        if (latest != null && latest.name().equals(replay)) {
            latest.told(orderId, state, now);
        }
    }

    /** How far it is; all zeros when there was none since the shop opened. */
    public JsonObject toJson(Instant now) {
        ReplayRun latest = run.get();
        if (latest == null) {
            return shown(0, 0, 0, 0, false);
        }
        return shown(
                latest.requested(), latest.submittedCount(), latest.paidCount(), latest.rate(now), latest.running(now));
    }

    private static JsonObject shown(int requested, int submitted, int paid, double rate, boolean running) {
        return JsonText.object()
                .add("requested", requested)
                .add("submitted", submitted)
                .add("paid", paid)
                .add("rate", rate)
                .add("running", running)
                .build();
    }
}
