package io.mamba.queue;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Decides how messages come back in a shared log: by events, since the other members have to know. */
final class Giving {
    /** What is alike for all messages of one event. */
    private record Terms(long availableAt, boolean unread) {}

    private final QueueSettings settings;
    private final Messages messages;

    Giving(QueueSettings settings, Messages messages) {
        this.settings = settings;
        this.messages = messages;
    }

    /** @param held what this member has claimed */
    void giveBack(Outcome outcome, Collection<Touched> held, @Nullable String cause, boolean backOff, long now) {
        Map<Terms, LongStream.Builder> byTerms = new LinkedHashMap<>();
        for (Touched message : held) {
            if (message.marked && messages.touched.isExhausted(message)) {
                outcome.bury(message, cause);
            } else {
                long delay = backOff && message.marked
                        ? settings.redeliveryDelay(message.count).toMillis()
                        : 0;
                Terms terms = new Terms(delay == 0 ? 0 : now + delay, message.delivers && !message.marked);
                byTerms.computeIfAbsent(terms, any -> LongStream.builder()).add(message.position);
            }
        }
        byTerms.forEach((terms, list) -> {
            long[] positions = list.build().toArray();
            outcome.soft(new QueueEvent.Committing(positions));
            outcome.event(new QueueEvent.GivenBack(positions, terms.availableAt, cause, terms.unread));
        });
    }
}
