package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import io.mamba.message.Address;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueEventCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What may be wrong with a log, or with what is written to it or read from it; the simulation must notice each. */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
enum PlantedDefect {
    SKIPPED_FORCE(SkippedForce::new),
    BATCH_CUT_IN_TWO(BatchCutInTwo::new),
    APPLY_BEFORE_APPEND(ApplyBeforeAppend::new),
    REFUSED_BUT_WRITTEN(RefusedButWritten::new),
    DELIVERY_MARK_NOT_WRITTEN(log -> new Rewriting(log, QueueEvent.Delivered.class::isInstance)),
    DELIVERY_MARK_LOST_IN_A_RESTART(log -> new Forgetting(log, QueueEvent.Delivered.class::isInstance)),
    SETTLED_MESSAGE_SERVED_AGAIN(log -> new Forgetting(log, QueueEvent.Settled.class::isInstance)),
    EXPIRY_LOST_IN_A_RESTART(log -> new Forgetting(log, QueueEvent.Expired.class::isInstance)),
    OUTCOME_LOST_IN_A_RESTART(log -> new Forgetting(log, QueueEvent.Resolved.class::isInstance)),
    PREPARED_MESSAGE_UNLOCKED_IN_A_RESTART(log -> new Forgetting(log, QueueEvent.Prepared.class::isInstance)),
    BURIED_WITHOUT_DEAD_LETTER(BuriedWithoutDeadLetter::new),
    PREPARED_BRANCH_FORGOTTEN(log -> new Without(log, StateRecords.BRANCHES)),
    CHANGE_BETWEEN_TWO_PIECES_OF_A_SNAPSHOT_LOST(log ->
            new OtherFences(log, head -> new long[] {head.foldFrom(), log.fence(StateRecords.EVENTS)})),
    CHANGE_BETWEEN_TWO_PIECES_OF_A_SNAPSHOT_DOUBLED(log ->
            new OtherFences(log, head -> new long[] {0, head.eventsFrom()})),
    SNAPSHOT_PIECE_LOST(SnapshotPieceLost::new),
    MESSAGE_TOLD_TWICE(MessageToldTwice::new),
    MESSAGE_NOT_TOLD(MessageNotTold::new),
    RELEASED_TOO_EARLY(ReleasedTooEarly::new),
    NOTHING_RELEASED(NothingReleased::new);

    private final UnaryOperator<Log> wrapper;

    PlantedDefect(UnaryOperator<Log> wrapper) {
        this.wrapper = wrapper;
    }

    Log in(Log log) {
        return wrapper.apply(log);
    }

    private static List<QueueEvent> without(LogRecord record, Predicate<QueueEvent> dropped) {
        return StateRecords.eventsOf(record).stream().filter(dropped.negate()).toList();
    }

    private static LogRecord rewritten(LogRecord record, Predicate<QueueEvent> dropped) {
        return record.partition().equals(StateRecords.EVENTS)
                ? new LogRecord(
                        record.partition(),
                        record.key(),
                        record.headers(),
                        QueueEventCodec.encode(0, without(record, dropped)),
                        record.timestamp())
                : record;
    }

    /** Says that a batch is durable as soon as it has its place. */
    private static final class SkippedForce extends ForwardingLog {
        SkippedForce(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            return super.append(batch, Durability.NONE);
        }
    }

    /** Writes a batch as two, between which a crash may come. */
    private static final class BatchCutInTwo extends ForwardingLog {
        BatchCutInTwo(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            int middle = batch.records().size() / 2;
            if (middle == 0) {
                return super.append(batch, level);
            }
            List<LogRecord> records = batch.records();
            CompletableFuture<long[]> first =
                    super.append(Batch.of(records.subList(0, middle), batch.purpose()), level);
            if (first.isCompletedExceptionally()) {
                return first;
            }
            return super.append(Batch.of(records.subList(middle, records.size()), batch.purpose()), level)
                    .thenCombine(first, (later, earlier) -> {
                        long[] both = java.util.Arrays.copyOf(earlier, earlier.length + later.length);
                        System.arraycopy(later, 0, both, earlier.length, later.length);
                        return both;
                    });
        }
    }

    /** Lets lanes know of events before these are in the log. */
    private static final class ApplyBeforeAppend extends ForwardingLog {
        private final List<TailListener> listeners = new ArrayList<>();

        ApplyBeforeAppend(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            for (LogRecord record : batch.records()) {
                if (record.partition().equals(StateRecords.EVENTS)) {
                    long position = fence(StateRecords.EVENTS) + 1;
                    listeners.forEach(listener -> listener.committed(
                            StateRecords.EVENTS, List.of(new StoredRecord(position, record)), position + 1));
                }
            }
            return super.append(batch, level);
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            if (partition.equals(StateRecords.EVENTS)) {
                listeners.add(listener);
                return listeners::clear;
            }
            return super.tail(partition, from, listener);
        }
    }

    /** Refuses now and then what is in the log all the same. */
    private static final class RefusedButWritten extends ForwardingLog {
        private int appends;

        RefusedButWritten(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            boolean refused = ++appends % 10 == 0;
            return super.append(batch, level).thenApply(positions -> {
                if (refused) {
                    throw new MambaException(ErrorCode.UNAVAILABLE, "said to be refused");
                }
                return positions;
            });
        }
    }

    /** Leaves events out that it should write. */
    private static final class Rewriting extends ForwardingLog {
        private final Predicate<QueueEvent> dropped;

        Rewriting(Log log, Predicate<QueueEvent> dropped) {
            super(log);
            this.dropped = dropped;
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            return super.append(
                    Batch.of(
                            batch.records().stream()
                                    .map(record -> rewritten(record, dropped))
                                    .toList(),
                            batch.purpose()),
                    level);
        }
    }

    /** Leaves events out when it is read. */
    private static final class Forgetting extends ForwardingLog {
        private final Predicate<QueueEvent> dropped;

        Forgetting(Log log, Predicate<QueueEvent> dropped) {
            super(log);
            this.dropped = dropped;
        }

        @Override
        public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
            return super.read(
                    from,
                    record ->
                            consumer.accept(new StoredRecord(record.position(), rewritten(record.record(), dropped))));
        }
    }

    /** Loses the dead letter, not the burial. */
    private static final class BuriedWithoutDeadLetter extends ForwardingLog {
        BuriedWithoutDeadLetter(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            List<LogRecord> kept = batch.records().stream()
                    .filter(record -> !record.partition().topic().startsWith("queue.DLQ."))
                    .toList();
            return super.append(kept.isEmpty() ? batch : Batch.of(kept, batch.purpose()), level);
        }
    }

    /** Says of a snapshot that it was taken at other positions of the data and the events than it was. */
    private static final class OtherFences extends ForwardingLog {
        private final Function<StateRecords.SnapshotHead, long[]> fences;

        OtherFences(Log log, Function<StateRecords.SnapshotHead, long[]> fences) {
            super(log);
            this.fences = fences;
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            return super.append(
                    Batch.of(batch.records().stream().map(this::changed).toList()), level);
        }

        private LogRecord changed(LogRecord record) {
            StateRecords.SnapshotHead head = snapshotHead(record);
            if (head == null) {
                return record;
            }
            long[] others = fences.apply(head);
            return StateRecords.snapshot(
                    new StateRecords.SnapshotHead(
                            head.lane(),
                            head.generation(),
                            head.taken(),
                            head.pieces(),
                            others[0],
                            others[1],
                            head.ahead()),
                    record.timestamp());
        }
    }

    /** The snapshot whose head a record is, or null. */
    private static StateRecords.@Nullable SnapshotHead snapshotHead(LogRecord record) {
        List<StateRecords.SnapshotHead> heads = new ArrayList<>();
        if (record.partition().equals(StateRecords.STATE)) {
            StateRecords.readState(record, new StateRecords.StateReader() {
                @Override
                public void destination(Address address, DestinationSettings settings) {}

                @Override
                public void former(Address address, StateRecords.Fences fences) {}

                @Override
                public void subscription(StateRecords.SubscriptionRecord subscription) {}

                @Override
                public void snapshot(StateRecords.SnapshotHead head) {
                    heads.add(head);
                }

                @Override
                public void piece(StateRecords.SnapshotPiece piece) {}

                @Override
                public void retained(Address address, Retained.State state) {}
            });
        }
        return heads.isEmpty() ? null : heads.get(0);
    }

    /** Does not find the third piece of a snapshot. */
    private static final class SnapshotPieceLost extends ForwardingLog {
        SnapshotPieceLost(Log log) {
            super(log);
        }

        @Override
        public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
            super.latest(keyed, record -> {
                String key = StateRecords.laneKeyOf(record.record());
                if (!key.startsWith("piece\n") || !key.endsWith("\n2")) {
                    consumer.accept(record);
                }
            });
        }
    }

    /** Does not find the records of a keyed partition. */
    private static final class Without extends ForwardingLog {
        private final Partition forgotten;

        Without(Log log, Partition forgotten) {
            super(log);
            this.forgotten = forgotten;
        }

        @Override
        public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
            if (!keyed.equals(forgotten)) {
                super.latest(keyed, consumer);
            }
        }
    }

    /** Tells of a message again when the next one comes. */
    private static final class MessageToldTwice extends ForwardingLog {
        MessageToldTwice(Log log) {
            super(log);
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            List<StoredRecord> before = new ArrayList<>();
            return super.tail(partition, from, (told, records, next) -> {
                listener.committed(told, records, next);
                if (Address.of(told).isPresent()) {
                    List<StoredRecord> again = List.copyOf(before);
                    before.clear();
                    before.addAll(records);
                    if (!again.isEmpty()) {
                        listener.committed(told, again, next);
                    }
                }
            });
        }
    }

    /** Forgets to tell of every tenth message. */
    private static final class MessageNotTold extends ForwardingLog {
        private int messages;

        MessageNotTold(Log log) {
            super(log);
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            return super.tail(partition, from, (told, records, next) -> {
                if (Address.of(told).isEmpty() || ++messages % 10 != 0) {
                    listener.committed(told, records, next);
                }
            });
        }
    }

    /** Drops a message that is still needed, beside those that are not. */
    private static final class ReleasedTooEarly extends ForwardingLog {
        ReleasedTooEarly(Log log) {
            super(log);
        }

        @Override
        public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
            if (live.hasNext()) {
                live.nextLong();
            }
            super.retain(partition, before, live);
        }
    }

    /** Keeps everything. */
    private static final class NothingReleased extends ForwardingLog {
        NothingReleased(Log log) {
            super(log);
        }

        @Override
        public void release(Partition partition, long[] positions) {
            // That is what is wrong with it.
        }
    }
}
