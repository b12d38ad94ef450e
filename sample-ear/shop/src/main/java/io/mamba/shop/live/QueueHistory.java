package io.mamba.shop.live;

import io.mamba.shop.messages.JsonText;
import io.mamba.shop.provider.ProviderFigures;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Depth and rate of one queue over the last two minutes, one point a reading. Owned by the sampler's tick. */
final class QueueHistory {

    static final int POINTS = 120;
    /** A rate is the mean over this many readings, so that it does not flicker. */
    private static final int SMOOTHED = 3;

    private record Reading(long nanos, long settled) {}

    private record Point(long depth, double rate) {}

    private final Deque<Reading> readings = new ArrayDeque<>();
    private final Deque<Point> points = new ArrayDeque<>();
    private ProviderFigures.Figures latest = new ProviderFigures.Figures(0, 0, 0, 0);
    private double rate;

    /** @param nanos of {@link System#nanoTime} */
    void add(ProviderFigures.Figures figures, long nanos) {
        if (!readings.isEmpty() && figures.settled() < readings.getLast().settled()) {
            readings.clear();
        }
        readings.addLast(new Reading(nanos, figures.settled()));
        if (readings.size() > SMOOTHED + 1) {
            readings.removeFirst();
        }
        Reading first = readings.getFirst();
        double seconds = (nanos - first.nanos()) / 1e9;
        rate = seconds <= 0 ? 0 : Math.round((figures.settled() - first.settled()) / seconds * 10) / 10.0;
        latest = figures;
        points.addLast(new Point(figures.depth() + figures.inFlight(), rate));
        if (points.size() > POINTS) {
            points.removeFirst();
        }
    }

    JsonObject now() {
        return JsonText.object()
                .add("depth", latest.depth())
                .add("inFlight", latest.inFlight())
                .add("deadLettered", latest.deadLettered())
                .add("settled", latest.settled())
                .add("rate", rate)
                .build();
    }

    JsonObject past() {
        JsonArrayBuilder depths = JsonText.array();
        JsonArrayBuilder rates = JsonText.array();
        for (Point point : List.copyOf(points)) {
            depths.add(point.depth());
            rates.add(point.rate());
        }
        return JsonText.object().add("depth", depths).add("rate", rates).build();
    }
}
