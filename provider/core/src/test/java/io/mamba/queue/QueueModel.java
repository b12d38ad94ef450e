package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Committing;
import io.mamba.queue.QueueEvent.Enqueued;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** A lane by definition: looks at all messages for each answer. Follows the events, soft ones too, as they are applied. */
final class QueueModel {
    private static final Comparator<Arrived> DELIVERY_ORDER = Comparator.<Arrived>comparingInt(
                    message -> -message.event.priority())
            .thenComparingLong(message -> message.event.position());

    final Map<Long, Arrived> arrived = new TreeMap<>();
    final Set<Long> done = new HashSet<>();
    /** Everything that ever came. */
    final Map<Long, Enqueued> known = new TreeMap<>();
    /** How many came back after they were done with. */
    int requeued;

    private final QueueSettings settings;
    private final Map<String, Long> failedAt = new HashMap<>();
    private final Map<String, long[]> branches = new HashMap<>();

    /** What the model knows of a message. */
    static final class Arrived {
        final Enqueued event;
        MessageState state = MessageState.AVAILABLE;
        long holder = -1;
        int count;
        boolean marked;
        long backOffUntil;

        Arrived(Enqueued event) {
            this.event = event;
        }

        long position() {
            return event.position();
        }
    }

    QueueModel(QueueSettings settings) {
        this.settings = settings;
    }

    void enqueue(Enqueued event) {
        known.put(event.position(), event);
        arrived.put(event.position(), new Arrived(event));
    }

    void acquire(long holder, long position) {
        Arrived message = known(position);
        message.state = MessageState.ACQUIRED;
        message.holder = holder;
        message.marked = false;
        message.backOffUntil = 0;
    }

    List<Arrived> heldBy(long holder) {
        return arrived.values().stream()
                .filter(message -> message.state == MessageState.ACQUIRED && message.holder == holder)
                .toList();
    }

    /** Of messages that come back, those that have to be buried. */
    List<Long> atTheLimit(long... positions) {
        List<Long> buried = new ArrayList<>();
        for (long position : positions) {
            Arrived message = known(position);
            if (message.marked && message.count >= settings.maxDeliveries()) {
                buried.add(position);
            }
        }
        return buried;
    }

    /** The order by definition: look at everything each time. */
    List<Long> expectedFor(long holder, LongPredicate selector, int max, long now) {
        List<Arrived> waiting = new ArrayList<>();
        for (Arrived message : arrived.values()) {
            Enqueued event = message.event;
            if (message.state == MessageState.AVAILABLE
                    && event.deliverAt() <= now
                    && !isExpired(message, now)
                    && message.backOffUntil <= now
                    && message.count < settings.maxDeliveries()
                    && selector.test(event.position())
                    && !isBlocked(event.group(), holder, now)) {
                waiting.add(message);
            }
        }
        waiting.sort(DELIVERY_ORDER);
        return waiting.stream()
                .limit(max)
                .map(message -> message.event.position())
                .toList();
    }

    private boolean isBlocked(long group, long holder, long now) {
        return group != 0
                && arrived.values().stream()
                        .filter(message -> message.event.group() == group)
                        .anyMatch(message -> switch (message.state) {
                            case ACQUIRED -> message.holder != holder;
                            case COMMITTING -> message.holder >= 0;
                            case PREPARED -> true;
                            case AVAILABLE -> message.backOffUntil > now;
                            case CLAIMING, ELSEWHERE, SETTLED, EXPIRED, BURIED -> false;
                        });
    }

    List<Long> browsable(long now) {
        return arrived.values().stream()
                .filter(message -> message.state == MessageState.AVAILABLE)
                .filter(message -> message.event.deliverAt() <= now && !isExpired(message, now))
                .sorted(DELIVERY_ORDER)
                .map(message -> message.event.position())
                .toList();
    }

    private static boolean isExpired(Arrived message, long now) {
        return message.event.expireAt() != 0 && message.event.expireAt() <= now;
    }

    /** The next time after now at which something about an available message changes. */
    long nextChange(long now) {
        return arrived.values().stream()
                .filter(message -> message.state == MessageState.AVAILABLE)
                .flatMap(
                        message -> Stream.of(message.event.deliverAt(), message.event.expireAt(), message.backOffUntil))
                .filter(time -> time > now)
                .min(Long::compare)
                .orElse(Long.MAX_VALUE);
    }

    long number(MessageState wanted) {
        return arrived.values().stream()
                .filter(message -> message.state == wanted)
                .count();
    }

    void follow(QueueEvent event) {
        if (event instanceof QueueEvent.Released released) {
            Arrived message = known(released.position());
            message.state = MessageState.AVAILABLE;
            message.backOffUntil = released.availableAt();
            message.holder = -1;
            message.marked = false;
        } else if (event instanceof Committing committing) {
            for (long position : committing.positions()) {
                known(position).state = MessageState.COMMITTING;
            }
        } else if (event instanceof QueueEvent.Reacquired reacquired) {
            for (long position : reacquired.positions()) {
                known(position).state = MessageState.ACQUIRED;
            }
        } else if (event instanceof QueueEvent.Delivered delivered) {
            Arrived message = arrived.get(delivered.position());
            if (message != null) {
                message.count = delivered.count();
                message.marked = message.holder >= 0;
            }
        } else if (event instanceof QueueEvent.Settled settled) {
            finish(settled.positions());
        } else if (event instanceof QueueEvent.Expired expired) {
            finish(expired.positions());
        } else if (event instanceof QueueEvent.Buried buried) {
            finish(buried.position());
        } else if (event instanceof QueueEvent.Requeued back) {
            for (Enqueued message : back.messages()) {
                if (arrived.putIfAbsent(message.position(), new Arrived(message)) == null) {
                    assertThat(done.remove(message.position())).isTrue();
                    requeued++;
                }
            }
        } else if (event instanceof QueueEvent.Prepared prepared) {
            prepared(prepared);
        } else if (event instanceof QueueEvent.Resolved resolved) {
            resolved(resolved);
        } else if (event instanceof QueueEvent.BackingOff failed) {
            failedAt.put(failed.branch(), failed.from());
        }
    }

    private void prepared(QueueEvent.Prepared event) {
        branches.put(event.branch(), event.positions());
        for (long position : event.positions()) {
            Arrived message = arrived.get(position);
            if (message != null) {
                message.state = MessageState.PREPARED;
            }
        }
    }

    private void resolved(QueueEvent.Resolved event) {
        long failed = failedAt.getOrDefault(event.branch(), 0L);
        long[] positions = Objects.requireNonNull(branches.remove(event.branch()));
        for (long position : positions) {
            Arrived message = arrived.get(position);
            if (message == null || message.state != MessageState.PREPARED) {
                continue; // It was settled before it was prepared, and may have come back since.
            }
            if (event.commit()) {
                finish(position);
            } else {
                message.state = MessageState.AVAILABLE;
                message.holder = -1;
                message.marked = false;
                long delay = settings.redeliveryDelay(message.count).toMillis();
                message.backOffUntil = failed == 0 || delay == 0 ? 0 : failed + delay;
            }
        }
    }

    private void finish(long... positions) {
        for (long position : positions) {
            if (arrived.remove(position) != null) {
                assertThat(done.add(position)).isTrue();
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Arrived message : arrived.values()) {
            text.append(message.state).append(" by ").append(message.holder);
            text.append(", delivered ")
                    .append(message.count)
                    .append(", back-off ")
                    .append(message.backOffUntil);
            text.append(": ").append(message.event).append(System.lineSeparator());
        }
        return text.toString();
    }

    Arrived known(long position) {
        return Objects.requireNonNull(arrived.get(position), () -> "message " + position);
    }
}
