package io.mamba.queue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who holds which message of a shared log, by definition: follows the events in the log's order. */
final class ClaimsModel {
    /** By position, all that are not done with. */
    final Map<Long, Message> messages = new TreeMap<>();

    final Set<Long> settled = new HashSet<>();
    private final Set<Long> done = new HashSet<>();

    static final class Message {
        private final long group;
        long member;
        private boolean delivers;

        @Nullable
        String branch;

        Message(long group) {
            this.group = group;
        }
    }

    boolean isWith(long member, long position) {
        Message message = messages.get(position);
        return message != null && message.member == member;
    }

    long holder(long position) {
        Message message = messages.get(position);
        return message == null ? 0 : message.member;
    }

    long arrived() {
        return messages.size() + (long) done.size();
    }

    void follow(QueueEvent event, long member) {
        if (event instanceof QueueEvent.Enqueued enqueued) {
            messages.put(enqueued.position(), new Message(enqueued.group()));
        } else if (event instanceof QueueEvent.Claimed claimed) {
            each(claimed.positions(), 0, message -> claim(message, claimed.delivers(), member));
        } else if (event instanceof QueueEvent.GivenBack back) {
            each(back.positions(), member, message -> message.member = 0);
        } else if (event instanceof QueueEvent.Gone gone) {
            messages.values().stream()
                    .filter(message -> message.branch == null && message.member == gone.member())
                    .forEach(message -> message.member = 0);
        } else if (event instanceof QueueEvent.Settled ended) {
            Arrays.stream(ended.positions())
                    .filter(position -> isWith(member, position))
                    .forEach(position -> {
                        end(position);
                        settled.add(position);
                    });
        } else if (event instanceof QueueEvent.Buried buried) {
            if (isWith(member, buried.position())) {
                end(buried.position());
            }
        } else if (event instanceof QueueEvent.Expired expired) {
            Arrays.stream(expired.positions())
                    .filter(position -> isWith(0, position) || isWith(member, position))
                    .forEach(this::end);
        } else if (event instanceof QueueEvent.Prepared prepared) {
            each(prepared.positions(), member, message -> message.branch = prepared.branch());
        } else if (event instanceof QueueEvent.Resolved resolved) {
            resolve(resolved);
        }
    }

    private void claim(Message message, boolean delivers, long member) {
        boolean elsewhere = messages.values().stream()
                .anyMatch(other -> other.group != 0
                        && other.group == message.group
                        && other.delivers
                        && other.member != 0
                        && other.member != member);
        if (!delivers || !elsewhere) {
            message.member = member;
            message.delivers = delivers;
        }
    }

    private void resolve(QueueEvent.Resolved event) {
        long[] prepared = messages.entrySet().stream()
                .filter(entry -> event.branch().equals(entry.getValue().branch))
                .mapToLong(Map.Entry::getKey)
                .toArray();
        for (long position : prepared) {
            if (event.commit()) {
                end(position);
                settled.add(position);
            } else {
                Message message = Objects.requireNonNull(messages.get(position));
                message.branch = null;
                message.member = 0;
            }
        }
    }

    private void each(long[] positions, long holder, Consumer<Message> change) {
        for (long position : positions) {
            Message message = messages.get(position);
            if (message != null && message.branch == null && message.member == holder) {
                change.accept(message);
            }
        }
    }

    private void end(long position) {
        messages.remove(position);
        if (!done.add(position)) {
            throw new AssertionError("message " + position + " has ended twice");
        }
    }
}
