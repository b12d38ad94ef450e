package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Enqueued;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All messages of a lane, untouched and touched, and how one goes from state to state. */
final class Messages {
    final Waiting waiting;
    final ActiveGroups groups = new ActiveGroups();
    final GroupTable groupTable = new GroupTable();
    final Counters counters = new Counters();
    final TouchedMessages touched;
    /** The member of a shared log that this is; 0 in a log of one node, and while the past is replayed. */
    long own;

    Messages(QueueSettings settings, int chunkCapacity) {
        waiting = new Waiting(chunkCapacity);
        touched = new TouchedMessages(groups, settings.maxDeliveries());
    }

    /** The message's state, or null if it is not here (any more). */
    @Nullable
    MessageState state(long position) {
        Touched message = touched.get(position);
        if (message != null) {
            return message.state;
        }
        Slot slot = waiting.find(position);
        return slot == null ? null : stateOf(slot);
    }

    private static MessageState stateOf(Slot slot) {
        return slot.chunk().isLeaving(slot.index()) ? MessageState.COMMITTING : MessageState.AVAILABLE;
    }

    /**
     * A message waits from now on; answers its group's number.
     *
     * @param views where it is seen besides view 0
     */
    int enqueue(Enqueued event, int[] views) {
        int group = event.group() == 0 ? 0 : groupTable.add(event.group());
        waiting.add(event, group, views);
        counters.enqueued();
        return group;
    }

    /** A message that was done with waits again. */
    void requeue(Enqueued event, int[] views) {
        groups.returned(enqueue(event, views), event.priority(), event.position());
    }

    /** The message as an object, made one if it was none; null if it is not here. */
    @Nullable
    Touched touch(long position) {
        Touched message = touched.get(position);
        if (message != null) {
            return message;
        }
        Slot slot = waiting.find(position);
        if (slot == null) {
            return null;
        }
        MessageState state = stateOf(slot);
        Touched taken = waiting.take(slot);
        taken.state = state;
        touched.add(taken);
        groups.left(taken.group, taken.priority, position);
        return taken;
    }

    Touched touchExpected(long position) {
        Touched message = touch(position);
        if (message == null) {
            throw new MambaException(ErrorCode.INTERNAL, "Message " + position + " is not in this lane.");
        }
        return message;
    }

    /** @param change what else changes about the message */
    void move(Touched message, MessageState next, Consumer<Touched> change) {
        MessageState before = message.state;
        MessageState after = before.to(next, message.position);
        touched.change(message, () -> {
            message.state = after;
            change.accept(message);
        });
        counters.moved(before, after);
    }

    /** The end of the message is being written. It has no holder, and its group is not blocked by it. */
    void beginEnd(Slot slot) {
        counters.moved(stateOf(slot), stateOf(slot).to(MessageState.COMMITTING, slot.position()));
        waiting.leave(slot);
        groups.hidden(slot.group());
    }

    /** The end that was being written was refused. */
    void refuseEnd(Slot slot) {
        counters.moved(stateOf(slot), stateOf(slot).to(MessageState.AVAILABLE, slot.position()));
        waiting.stay(slot);
    }

    boolean isShared() {
        return own != 0;
    }

    /** Whether the member may end the message or give it back: nobody else may. */
    boolean isWith(long member, long position) {
        Touched message = touched.get(position);
        return (message == null ? 0 : message.member) == member;
    }

    /** The message is done with, unless it was before. */
    void finish(long position, MessageState end) {
        Touched message = touched.get(position);
        if (message != null) {
            counters.moved(message.state, message.state.to(end, position));
            touched.remove(message);
            groups.left(message.group, message.priority, position);
            forget(message.group);
            return;
        }
        Slot slot = waiting.find(position);
        if (slot != null) {
            counters.moved(stateOf(slot), stateOf(slot).to(end, position));
            int group = slot.group();
            groups.left(group, slot.priority(), position);
            waiting.remove(slot);
            forget(group);
        }
    }

    private void forget(int group) {
        if (group != 0 && groupTable.remove(group)) {
            groups.discard(group);
        }
    }

    /** To be called after each change. */
    void refresh() {
        groups.refresh(waiting);
        waiting.refresh();
    }

    long scheduled() {
        return waiting.scheduled() + touched.scheduled();
    }
}
