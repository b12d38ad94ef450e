package io.mamba.jms;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the specification says of queues, subscriptions and sessions, in its plainest form: lists of messages in delivery
 * order. For {@link RandomProgram}.
 */
final class ProgramModel {
    /** A message as it was sent: what its text, priority and property {@code part} are, and whether it is persistent. */
    record Sent(int number, int priority, int part, boolean persistent) {}

    /** One line's copy of a message. */
    static final class Copy {
        final Sent message;
        final long order;
        int count;
        boolean held;
        /** Not persistent, and there was a crash since it was sent: it may be gone. */
        boolean uncertain;

        Copy(Sent message, long order) {
            this.message = message;
            this.order = order;
        }
    }

    /** A queue, or one subscription on a topic. */
    static final class Line {
        final boolean durable;
        final @Nullable Integer part;
        final List<Copy> copies = new ArrayList<>();

        /** @param part the only part that it takes; null for all */
        Line(boolean durable, @Nullable Integer part) {
            this.durable = durable;
            this.part = part;
        }

        void put(Sent message, long order) {
            if (part == null || part == message.part()) {
                copies.add(new Copy(message, order));
                copies.sort(Comparator.comparingInt((Copy copy) -> -copy.message.priority())
                        .thenComparingLong(copy -> copy.order));
            }
        }

        List<Copy> available(@Nullable Integer wanted) {
            return copies.stream()
                    .filter(copy -> !copy.held && (wanted == null || copy.message.part() == wanted))
                    .toList();
        }
    }

    /** A durable or shared durable subscription. */
    static final class Subscription {
        final Line line;
        int users;

        Subscription(Line line) {
            this.line = line;
        }
    }

    /** What a session has received and not settled, and what it has sent and not committed. */
    static final class Work {
        final List<Line> lines = new ArrayList<>();
        final List<Copy> received = new ArrayList<>();
        final List<Map.Entry<String, Sent>> sent = new ArrayList<>();

        void receive(Line line, Copy copy) {
            copy.held = true;
            lines.add(line);
            received.add(copy);
        }

        void settle() {
            for (int i = 0; i < received.size(); i++) {
                lines.get(i).copies.remove(received.get(i));
            }
            forget();
        }

        void giveBack() {
            received.forEach(copy -> copy.held = false);
            forget();
        }

        private void forget() {
            lines.clear();
            received.clear();
            sent.clear();
        }
    }

    private final Map<String, Line> queues = new TreeMap<>();
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final List<Line> plain = new ArrayList<>();
    private long orders;

    Line queue(String name) {
        return queues.computeIfAbsent(name, any -> new Line(true, null));
    }

    Map<String, Line> queues() {
        return queues;
    }

    /** Every line of the topic at this moment gets a copy; or the queue does. */
    void send(String destination, Sent message) {
        orders++;
        if (destination.startsWith("q")) {
            queue(destination).put(message, orders);
        } else {
            plain.forEach(line -> line.put(message, orders));
            subscriptions.values().forEach(subscription -> subscription.line.put(message, orders));
        }
    }

    Line subscribe(@Nullable Integer part) {
        Line line = new Line(false, part);
        plain.add(line);
        return line;
    }

    void end(Line line) {
        plain.remove(line);
    }

    @Nullable
    Subscription subscription(String key) {
        return subscriptions.get(key);
    }

    /** A durable subscription gets a user; one with another selector is replaced. */
    Subscription use(String key, @Nullable Integer part) {
        Subscription known = subscriptions.get(key);
        if (known == null || !Objects.equals(known.line.part, part)) {
            known = new Subscription(new Line(true, part));
            subscriptions.put(key, known);
        }
        known.users++;
        return known;
    }

    void unsubscribe(String key) {
        subscriptions.remove(key);
    }

    List<Line> durableLines() {
        List<Line> lines = new ArrayList<>(queues.values());
        subscriptions.values().forEach(subscription -> lines.add(subscription.line));
        return lines;
    }

    /** All connections are gone: nobody holds anything, nobody uses a subscription. */
    void restart(boolean crash) {
        plain.clear();
        subscriptions.values().forEach(subscription -> subscription.users = 0);
        for (Line line : durableLines()) {
            for (Copy copy : line.copies) {
                copy.held = false;
                copy.uncertain |= crash && !copy.message.persistent();
            }
        }
    }
}
