package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.StoredRecord;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Starts lanes at any place of what their partition retains, and moves them there. Meanwhile nothing that is retained
 * goes, and the lane delivers nothing, so that order holds. Thread-safe; reads the log in the calling thread.
 */
final class Replays {
    private static final System.Logger LOGGER = System.getLogger(Replays.class.getName());
    private static final int CHUNK = 1000;

    private final Log log;
    private final Appender appender;
    private final Units units;
    private final Progress progress;

    Replays(Log log, Appender appender, Units units, Progress progress) {
        this.units = units;
        this.progress = progress;
        this.log = log;
        this.appender = appender;
    }

    /**
     * Before {@code fence} everything was committed, and had come to the lanes, when it was taken; before {@code retained}
     * there is only what some lane needs.
     */
    private record Bounds(long fence, long retained) {}

    /**
     * Adds a lane that begins at this place to its partition.
     *
     * @param creation makes the lane, which is given the position that it begins with; called in the inbox
     */
    Lane begin(PartitionOwner owner, StartFrom start, LongFunction<Lane> creation) {
        progress.await(List.of(owner.partition()));
        if (start.kind() == StartFrom.Kind.LATEST) {
            return owner.inbox().ask(() -> {
                Lane lane = creation.apply(owner.foldedUpTo());
                owner.add(lane);
                return lane;
            });
        }
        long fence = owner.fence();
        Bounds bounds = owner.inbox().ask(() -> {
            owner.stock().keepAll();
            return new Bounds(fence, owner.stock().from(fence));
        });
        try {
            long asked = position(owner, start, bounds, position -> position >= bounds.retained());
            long from = Math.max(Math.min(asked, fence), bounds.retained());
            if (!isComplete(owner, start, bounds)) {
                LOGGER.log(
                        System.Logger.Level.INFO,
                        "A subscription of " + owner.address().whole() + " was to start from " + start
                                + ", but begins with the first message that is retained.");
            }
            return begin(owner, from, fence, creation);
        } finally {
            owner.inbox().execute(owner.stock()::keepNoMore);
        }
    }

    private Lane begin(PartitionOwner owner, long from, long fence, LongFunction<Lane> creation) {
        long[] until = new long[1];
        Lane lane = owner.inbox().ask(() -> {
            Lane created = creation.apply(from);
            created.begin();
            owner.add(created);
            until[0] = log.shared() ? owner.foldedUpTo() : Math.max(fence, owner.foldedUpTo());
            return created;
        });
        boolean complete = false;
        try {
            inChunks(
                    owner,
                    from,
                    until[0],
                    chunk -> owner.inbox().ask(() -> {
                        chunk.forEach(record -> fold(owner, lane, record));
                        return lane;
                    }));
            complete = true;
        } finally {
            boolean keep = complete;
            owner.inbox().execute(() -> {
                lane.begun();
                if (!keep) {
                    owner.remove(lane);
                }
            });
        }
        return lane;
    }

    /**
     * Adds a lane that another node of a shared log has begun, at that place; until {@link #fill} it lacks messages that came
     * here before.
     *
     * @return those in front of this position
     */
    long adopt(PartitionOwner owner, Lane lane) {
        return owner.inbox().ask(() -> {
            lane.begin();
            owner.add(lane);
            return owner.foldedUpTo();
        });
    }

    /** Gives an adopted lane the messages before {@code until}. */
    void fill(PartitionOwner owner, Lane lane, long until) {
        inChunks(
                owner,
                lane.foldFrom(),
                until,
                chunk -> owner.inbox().ask(() -> {
                    chunk.forEach(record -> fold(owner, lane, record));
                    return lane;
                }));
        owner.inbox().execute(() -> {
            lane.begun();
            lane.dispatch();
        });
    }

    private static void fold(PartitionOwner owner, Lane lane, StoredRecord record) {
        long[] unneeded = owner.unneeded(LongStream.of(record.position()));
        if (lane.fold(record.position(), messageOf(owner, record))) {
            owner.neededAgain(unneeded);
        }
    }

    /** As {@link #move(Lane, StartFrom, boolean)}, all lanes of a queue or subscription. */
    Replayed moveAll(List<Lane> lanes, StartFrom start, boolean skip) {
        if (lanes.size() > 1 && start.kind() == StartFrom.Kind.POSITION) {
            throw ofOnePartition(lanes.get(0).owner(), start);
        }
        List<Replayed> moved =
                lanes.stream().map(lane -> move(lane, start, skip)).toList();
        return new Replayed(
                moved.stream().mapToLong(Replayed::position).min().orElseThrow(),
                moved.stream().allMatch(Replayed::complete),
                moved.stream().mapToLong(Replayed::again).sum(),
                moved.stream().mapToLong(Replayed::skipped).sum());
    }

    static MambaException ofOnePartition(PartitionOwner owner, StartFrom start) {
        return new MambaException(
                ErrorCode.INVALID_ARGUMENT,
                "Cannot start from " + start + ": a position is one of one partition, and "
                        + owner.address().whole() + " has several. Name earliest, latest or a time.");
    }

    /**
     * Moves a lane: what it has done with and is retained from this place on waits again, as if never delivered. What is
     * held stays with its holder.
     *
     * @param skip whether what waits before the place is settled without delivery
     */
    Replayed move(Lane lane, StartFrom start, boolean skip) {
        PartitionOwner owner = lane.owner();
        lane.awaitSeen();
        long fence = owner.fence();
        Bounds bounds = owner.inbox().ask(() -> {
            if (lane.hasEnded()) {
                throw new MambaException(ErrorCode.INVALID_DESTINATION, lane.id() + " was deleted meanwhile.");
            }
            owner.stock().keepAll();
            lane.suspend();
            return new Bounds(fence, owner.stock().from(fence));
        });
        try {
            long asked = position(
                    owner,
                    start,
                    bounds,
                    position -> position >= bounds.retained()
                            || owner.inbox().ask(() -> lane.state().holds(position)));
            long again = requeue(lane, Math.max(asked, bounds.retained()), fence);
            long skipped = skip ? skip(lane, asked) : 0;
            return new Replayed(Math.max(asked, bounds.retained()), isComplete(owner, start, bounds), again, skipped);
        } finally {
            owner.inbox().execute(() -> {
                owner.stock().keepNoMore();
                lane.resume();
                lane.dispatch();
            });
        }
    }

    private static boolean isComplete(PartitionOwner owner, StartFrom start, Bounds bounds) {
        return switch (start.kind()) {
            case EARLIEST, LATEST -> true;
            case POSITION -> start.value() >= bounds.retained();
            case TIME -> owner.inbox().ask(() -> owner.stock().reaches(start.value()));
        };
    }

    private interface Presence {
        boolean isThere(long position);
    }

    /** From which position on messages are wanted; all are before the fence. */
    private long position(PartitionOwner owner, StartFrom start, Bounds bounds, Presence presence) {
        return switch (start.kind()) {
            case EARLIEST -> 0;
            case LATEST -> bounds.fence();
            case POSITION -> Math.min(start.value(), bounds.fence());
            case TIME -> firstSince(owner, start.value(), bounds, presence);
        };
    }

    private long firstSince(PartitionOwner owner, long time, Bounds bounds, Presence presence) {
        long[] found = {bounds.fence()};
        long from = owner.inbox().ask(() -> owner.stock().firstSince(time));
        log.read(Map.of(owner.partition(), from), record -> {
            if (record.position() < found[0]
                    && record.record().timestamp() >= time
                    && presence.isThere(record.position())) {
                found[0] = record.position();
            }
        });
        return found[0];
    }

    private long requeue(Lane lane, long from, long to) {
        long[] again = new long[1];
        inChunks(lane.owner(), from, to, chunk -> {
            List<QueueEvent.Enqueued> messages = new ArrayList<>();
            for (StoredRecord record : chunk) {
                Envelope message = messageOf(lane.owner(), record);
                if (lane.terms().accepts(message)) {
                    messages.add(Lane.enqueued(record.position(), message));
                }
            }
            Decision decision = lane.decide(new QueueCommand.Requeue(messages));
            write(lane, decision, Batch.Purpose.GROWING);
            for (QueueEvent event : decision.events()) {
                again[0] += ((QueueEvent.Requeued) event).messages().size();
            }
        });
        return again[0];
    }

    private long skip(Lane lane, long before) {
        if (lane.isShared()) {
            return units.purgeClaimed(lane, before);
        }
        long skipped = 0;
        while (true) {
            Decision decision = lane.decide(new QueueCommand.Skip(before));
            if (decision.events().isEmpty()) {
                return skipped;
            }
            skipped += write(lane, decision, Batch.Purpose.SETTLING).committing().length;
        }
    }

    private LaneWork write(Lane lane, Decision decision, Batch.Purpose purpose) {
        LaneWork work = new LaneWork(lane, 0, decision);
        appender.append(List.of(), List.of(work), Durability.DURABLE, purpose);
        return work;
    }

    private void inChunks(PartitionOwner owner, long from, long to, Consumer<List<StoredRecord>> consumer) {
        if (from >= to) {
            return;
        }
        List<StoredRecord> chunk = new ArrayList<>();
        log.read(Map.of(owner.partition(), from), record -> {
            if (record.position() < to) {
                chunk.add(record);
                if (chunk.size() == CHUNK) {
                    consumer.accept(List.copyOf(chunk));
                    chunk.clear();
                }
            }
        });
        if (!chunk.isEmpty()) {
            consumer.accept(chunk);
        }
    }

    private static Envelope messageOf(PartitionOwner owner, StoredRecord record) {
        return MessageCodec.decode(record.record(), owner.address().whole());
    }
}
