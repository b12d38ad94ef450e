package io.mamba.node;

import io.mamba.message.Envelope;
import io.mamba.message.MessageValues;
import io.mamba.queue.QueueSettings;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A lane by definition: everything is looked at each time. */
final class ModelLane {
    static final Comparator<ModelMessage> DELIVERY_ORDER = Comparator.<ModelMessage>comparingInt(
                    message -> -message.envelope.priority())
            .thenComparingLong(message -> message.position);

    final LaneId id;
    final SubscriptionTerms terms;
    final QueueSettings settings;
    final long foldFrom;
    final long eventsFrom;
    final TreeMap<Long, ModelMessage> messages = new TreeMap<>();
    /** What came back in the last move. */
    final Set<Long> requeued = new HashSet<>();
    /** Who waits, in order. */
    final List<ModelDemand> demands = new ArrayList<>();
    /** Its end is being written: what becomes of its messages meanwhile does not matter. */
    boolean closing;

    boolean gone;
    /** Available messages may be settled: a purge or redrive is under way. */
    boolean emptying;

    /** A demand of the node's and what it asks for. */
    record ModelDemand(Demand demand, long holder, @Nullable Selector selector) {}

    ModelLane(LaneId id, SubscriptionTerms terms, QueueSettings settings, long foldFrom, long eventsFrom) {
        this.id = id;
        this.terms = terms;
        this.settings = settings;
        this.foldFrom = foldFrom;
        this.eventsFrom = eventsFrom;
    }

    boolean memoryOnly() {
        return terms.memoryOnly();
    }

    void enqueue(long position, Envelope envelope) {
        if (position >= foldFrom && terms.accepts(envelope)) {
            messages.put(position, new ModelMessage(position, envelope));
        }
    }

    void requeue(long position, Envelope envelope) {
        if (messages.putIfAbsent(position, new ModelMessage(position, envelope)) == null) {
            requeued.add(position);
        }
    }

    /** What an acquire gives, or null. */
    @Nullable
    ModelMessage next(long holder, @Nullable Selector selector, long now) {
        Set<Long> blocked = new HashSet<>();
        for (ModelMessage message : messages.values()) {
            boolean blocks = switch (message.state) {
                case HELD -> message.holder != holder;
                case COMMITTING, PREPARED -> true;
                case AVAILABLE -> message.backOffUntil > now;
                case LEAVING, ENDED -> false;
            };
            if (blocks && message.group() != 0) {
                blocked.add(message.group());
            }
        }
        return messages.values().stream()
                .filter(message -> message.state == ModelMessage.State.AVAILABLE
                        && message.isDue(now)
                        && !message.isExpired(now)
                        && !isExhausted(message)
                        && !blocked.contains(message.group())
                        && (selector == null || selector.matches(new MessageValues(message.envelope))))
                .min(DELIVERY_ORDER)
                .orElse(null);
    }

    void acquire(ModelMessage message, long holder) {
        message.state = ModelMessage.State.HELD;
        message.holder = holder;
        message.backOffUntil = 0;
    }

    void release(ModelMessage message, @Nullable String cause, long now) {
        long delay = delayAfter(message);
        message.backOffUntil = cause != null && message.marked && delay > 0 ? now + delay : 0;
        message.state = ModelMessage.State.AVAILABLE;
        message.marked = false;
        if (cause != null) {
            message.cause = cause;
        }
    }

    /** A prepared message comes back. */
    void rollBack(ModelMessage message, long failedAt) {
        long delay = delayAfter(message);
        message.backOffUntil = failedAt != 0 && delay > 0 ? failedAt + delay : 0;
        message.state = ModelMessage.State.AVAILABLE;
        message.marked = false;
        message.branch = null;
    }

    void end(ModelMessage message) {
        message.state = ModelMessage.State.ENDED;
        messages.remove(message.position);
    }

    /** By hand: 0, 100, 200, 400 .. milliseconds, at most the maximum; none for what is to be buried. */
    private long delayAfter(ModelMessage message) {
        if (message.count < 2 || isExhausted(message)) {
            return 0;
        }
        long delay = settings.initialRedeliveryDelay().toMillis();
        for (int i = 2; i < message.count; i++) {
            delay = Math.min(delay * 2, settings.maximumRedeliveryDelay().toMillis());
        }
        return Math.min(delay, settings.maximumRedeliveryDelay().toMillis());
    }

    boolean isExhausted(ModelMessage message) {
        return settings.maxDeliveries() > 0 && message.count >= settings.maxDeliveries();
    }

    Collection<ModelMessage> in(ModelMessage.State state) {
        return messages.values().stream()
                .filter(message -> message.state == state)
                .toList();
    }

    Collection<ModelMessage> preparedBy(String branch) {
        return messages.values().stream()
                .filter(message -> branch.equals(message.branch))
                .toList();
    }

    /** The messages as {@code QueueState.fingerprint} tells them, without its first line. */
    String fingerprint(long now) {
        StringBuilder text = new StringBuilder();
        for (ModelMessage message : messages.values()) {
            text.append(message.position);
            text.append(" priority ").append(message.envelope.priority());
            text.append(" group ").append(message.group());
            text.append(" from ").append(message.deliverAt() > now ? message.deliverAt() : 0);
            text.append(" until ").append(message.envelope.expiration());
            text.append(" delivered ").append(message.count);
            if (message.branch != null) {
                text.append(" prepared for ").append(message.branch);
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(id.toString());
        messages.values().forEach(message -> text.append("\n  ").append(message));
        return text.toString();
    }
}
