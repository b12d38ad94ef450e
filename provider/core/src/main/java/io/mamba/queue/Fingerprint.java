package io.mamba.queue;

import org.jspecify.annotations.Nullable;

/** A lane's durable state as text, for comparing. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Messages messages, long now) {
        StringBuilder text = new StringBuilder(256);
        text.append("settled ").append(messages.counters.in(MessageState.SETTLED));
        text.append(", expired ").append(messages.counters.in(MessageState.EXPIRED));
        text.append(", buried ")
                .append(messages.counters.in(MessageState.BURIED))
                .append('\n');
        LiveMessages live = new LiveMessages(messages, -1, Long.MAX_VALUE);
        while (live.hasNext()) {
            text.append(live.nextLong());
            Touched touched = live.touched();
            Slot waiting = live.waiting();
            if (touched != null) {
                append(
                        text,
                        messages,
                        touched.priority,
                        touched.group,
                        touched.deliverAt > now ? touched.deliverAt : 0,
                        touched.expireAt);
                append(text, touched.count, touched.branch);
                if (touched.member != 0) {
                    text.append(touched.delivers ? " with member " : " being moved by member ")
                            .append(touched.member);
                }
                // Where a node is alone, giving back is soft.
                if (messages.isShared() && touched.backOffUntil > now) {
                    text.append(" not before ").append(touched.backOffUntil);
                }
            } else if (waiting != null) {
                Chunk chunk = waiting.chunk();
                int slot = waiting.index();
                append(
                        text,
                        messages,
                        chunk.priority,
                        chunk.group(slot),
                        chunk.delayOf(slot) > now ? chunk.delayOf(slot) : 0,
                        chunk.expiryOf(slot));
                append(text, 0, null);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void append(
            StringBuilder text, Messages messages, int priority, int group, long deliverAt, long expireAt) {
        text.append(" priority ").append(priority);
        text.append(" group ").append(group == 0 ? 0 : messages.groupTable.hash(group));
        text.append(" from ").append(deliverAt).append(" until ").append(expireAt);
    }

    private static void append(StringBuilder text, int count, @Nullable String branch) {
        text.append(" delivered ").append(count);
        if (branch != null) {
            text.append(" prepared for ").append(branch);
        }
    }
}
