package io.mamba.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The messages that are objects, found by position, state, holder, branch and time. */
final class TouchedMessages {
    private final ActiveGroups groups;
    private int maxDeliveries;
    private final TreeMap<Long, Touched> byPosition = new TreeMap<>();
    private final TreeSet<Touched> ready = new TreeSet<>(Touched.DELIVERY_ORDER);
    private final TreeSet<Touched> exhausted = new TreeSet<>(Touched.DELIVERY_ORDER);
    private final TreeSet<Touched> timed = new TreeSet<>(Touched.TIME_ORDER);
    /** In no order: there may be thousands, each comes and goes, and hardly anybody asks for all. */
    private final Map<Long, Set<Touched>> held = new HashMap<>();

    private final Map<String, Set<Touched>> branches = new LinkedHashMap<>();
    private long scheduled;

    TouchedMessages(ActiveGroups groups, int maxDeliveries) {
        this.groups = groups;
        this.maxDeliveries = maxDeliveries;
    }

    @Nullable
    Touched get(long position) {
        return byPosition.get(position);
    }

    void add(Touched message) {
        byPosition.put(message.position, message);
        enter(message);
    }

    void remove(Touched message) {
        leave(message);
        byPosition.remove(message.position);
    }

    /** The one way to change a message here: its places in all orders follow. */
    void change(Touched message, Runnable change) {
        leave(message);
        change.run();
        enter(message);
    }

    private void leave(Touched message) {
        if (message.member != 0 && message.delivers) {
            groups.unclaim(message.group);
        }
        switch (message.state) {
            case AVAILABLE -> {
                ready.remove(message);
                exhausted.remove(message);
                timed.remove(message);
                if (message.scheduled()) {
                    scheduled--;
                }
                if (message.backOffUntil != 0) {
                    groups.unlock(message.group);
                }
            }
            case CLAIMING -> groups.release(message.group);
            case ELSEWHERE -> groups.unlock(message.group);
            case ACQUIRED -> {
                removeFrom(held, message.holder, message);
                groups.release(message.group);
            }
            case COMMITTING -> {
                if (message.held) {
                    groups.unlock(message.group);
                }
            }
            case PREPARED -> {
                if (message.branch != null) {
                    removeFrom(branches, message.branch, message);
                }
                groups.unlock(message.group);
            }
            case SETTLED, EXPIRED, BURIED -> {}
        }
    }

    private void enter(Touched message) {
        if (message.member != 0 && message.delivers) {
            groups.claim(message.group, message.member);
        }
        switch (message.state) {
            case AVAILABLE -> {
                if (isExhausted(message)) {
                    exhausted.add(message);
                } else if (!message.scheduled()) {
                    ready.add(message);
                }
                message.timer = timerOf(message);
                if (message.timer != 0) {
                    timed.add(message);
                }
                if (message.scheduled()) {
                    scheduled++;
                }
                if (message.backOffUntil != 0) {
                    groups.lock(message.group);
                }
            }
            case CLAIMING -> groups.acquire(message.group, message.holder);
            case ELSEWHERE -> groups.lock(message.group);
            case ACQUIRED -> {
                held.computeIfAbsent(message.holder, any -> new HashSet<>()).add(message);
                groups.acquire(message.group, message.holder);
            }
            case COMMITTING -> {
                if (message.held) {
                    groups.lock(message.group);
                }
            }
            case PREPARED -> {
                if (message.branch != null) {
                    branches.computeIfAbsent(message.branch, any -> new HashSet<>())
                            .add(message);
                }
                groups.lock(message.group);
            }
            case SETTLED, EXPIRED, BURIED -> {}
        }
    }

    /** From now on another limit holds, for those that are here too. */
    void limit(int deliveries) {
        byPosition.values().forEach(this::leave);
        maxDeliveries = deliveries;
        byPosition.values().forEach(this::enter);
    }

    boolean isExhausted(Touched message) {
        return maxDeliveries > 0 && message.count >= maxDeliveries;
    }

    private static long timerOf(Touched message) {
        long wait = Math.max(message.deliverAt, message.backOffUntil);
        if (wait == 0 || message.expireAt == 0) {
            return Math.max(wait, message.expireAt);
        }
        return Math.min(wait, message.expireAt);
    }

    private static <K> void removeFrom(Map<K, Set<Touched>> map, K key, Touched message) {
        Set<Touched> messages = map.get(key);
        if (messages != null && messages.remove(message) && messages.isEmpty()) {
            map.remove(key);
        }
    }

    /** Ends delays and back-offs. */
    void tick(long now) {
        for (Touched message : waitEnded(now)) {
            change(message, () -> {
                message.deliverAt = 0;
                message.backOffUntil = 0;
            });
        }
    }

    /** Messages whose delay or back-off has ended, though no tick has said so yet. */
    List<Touched> waitEnded(long now) {
        List<Touched> ended = new ArrayList<>();
        for (Touched message : timed) {
            if (message.timer > now) {
                break;
            }
            if (message.scheduled() && message.due(now)) {
                ended.add(message);
            }
        }
        return ended;
    }

    List<Touched> expired(long now) {
        List<Touched> expired = new ArrayList<>();
        for (Touched message : timed) {
            if (message.timer > now) {
                break;
            }
            if (message.expired(now)) {
                expired.add(message);
            }
        }
        return expired;
    }

    /** Those that can be delivered, if their groups let them, in delivery order. */
    SortedSet<Touched> ready() {
        return Collections.unmodifiableSortedSet(ready);
    }

    /** Those that were handed out as often as is allowed, and wait to be buried. */
    SortedSet<Touched> exhausted() {
        return Collections.unmodifiableSortedSet(exhausted);
    }

    Collection<Touched> heldBy(long holder) {
        return inOrder(held.getOrDefault(holder, Set.of()));
    }

    Collection<Touched> prepared(String branch) {
        return inOrder(branches.getOrDefault(branch, Set.of()));
    }

    private static List<Touched> inOrder(Set<Touched> messages) {
        return messages.stream().sorted(Touched.DELIVERY_ORDER).toList();
    }

    List<String> branches() {
        return List.copyOf(branches.keySet());
    }

    Collection<Touched> all() {
        return Collections.unmodifiableCollection(byPosition.values());
    }

    /** Those behind a position, ascending. Valid until the next change. */
    Iterator<Touched> after(long position) {
        return byPosition.tailMap(position, false).values().iterator();
    }

    /** The earliest time at which something here is due; {@code Long.MAX_VALUE} for never. */
    long earliest() {
        if (!exhausted.isEmpty()) {
            return 0;
        }
        return timed.isEmpty() ? Long.MAX_VALUE : timed.first().timer;
    }

    long scheduled() {
        return scheduled;
    }

    void dropView(int view) {
        byPosition.values().forEach(message -> message.views.clear(view));
    }
}
