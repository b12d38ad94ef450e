package io.mamba.failures;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What all JVMs said since the cluster was started, with the time when it was heard. Thread-safe. */
final class Observed {
    /** What was said of each unit last: begin, ok, refused, unknown. */
    private final Map<String, String> units = new HashMap<>();
    /** {@code passed <message>}, {@code out <message>}, {@code finished <branch>}. */
    private final Map<String, Long> at = new HashMap<>();

    private final TreeSet<Long> out = new TreeSet<>();
    private int messagesOut;

    synchronized void hear(String what, String[] names, long now) {
        for (String name : names) {
            switch (what) {
                case "begin", "ok", "refused", "unknown" -> units.put(name, what);
                default -> at.putIfAbsent(what + " " + name, now);
            }
        }
        if (what.equals("out")) {
            out.add(now);
            messagesOut += names.length;
        }
    }

    synchronized Map<String, String> units() {
        return Map.copyOf(units);
    }

    synchronized int messagesOut() {
        return messagesOut;
    }

    synchronized Set<String> missing(Collection<String> events) {
        Set<String> missing = new TreeSet<>(events);
        missing.removeAll(at.keySet());
        return missing;
    }

    /** When the last of these was heard, in milliseconds after the given time. */
    synchronized long lastMillis(Collection<String> events, long since) {
        return TimeUnit.NANOSECONDS.toMillis(events.stream()
                        .mapToLong(event -> at.getOrDefault(event, since))
                        .max()
                        .orElse(since)
                - since);
    }

    synchronized long longestPauseMillis(long from, long to) {
        return longestPauseMillis(List.copyOf(out), from, to);
    }

    static long longestPauseMillis(List<Long> times, long from, long to) {
        long longest = 0;
        long last = from;
        for (long time : times) {
            if (time > from && time < to) {
                longest = Math.max(longest, time - last);
                last = time;
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(Math.max(longest, to - last));
    }
}
