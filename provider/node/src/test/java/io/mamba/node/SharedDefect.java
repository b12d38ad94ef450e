package io.mamba.node;

import io.mamba.log.Batch;
import io.mamba.log.ClusterLog;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import io.mamba.log.Ownership;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import io.mamba.queue.QueueEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What could be wrong with several nodes on one log: each must be noticed by the simulation. */
enum SharedDefect {
    /** Who was taken for dead can go on writing. */
    SKIPPED_FENCE(SkippedFence::new),
    /** A claim counts although another member has the message. */
    UNCHECKED_HOLDER(UncheckedHolder::new),
    /** After some time a claim is taken for over, whether its holder lives or not. */
    CLAIM_ENDED_BY_TIME(ClaimEndedByTime::new),
    /** The right to write a node's branches is not asked for. */
    BRANCHES_WITHOUT_RIGHT(BranchesWithoutRight::new),
    /** The going of a member is not told to one of the others. */
    GOING_NOT_TOLD(GoingNotTold::new),
    /** An acknowledgement returns before it is known whether others have taken its node for dead. */
    ACKNOWLEDGED_UNHEARD(log -> ((ClusterLog) log).toldLaterWithoutHearing());

    @SuppressWarnings("ImmutableEnumChecker") // method references
    private final UnaryOperator<Log> making;

    SharedDefect(UnaryOperator<Log> making) {
        this.making = making;
    }

    Log in(Log log) {
        return making.apply(log);
    }

    private static final class SkippedFence extends ForwardingLog {
        SkippedFence(Log log) {
            super(log);
        }

        @Override
        public Membership join(String node, MembershipListener listener) {
            Membership joined = super.join(node, listener);
            return new Membership() {
                @Override
                public String member() {
                    return joined.member();
                }

                @Override
                public void fence(String member) {
                    // The defect.
                }

                @Override
                public void close() {
                    joined.close();
                }
            };
        }
    }

    /** What a node hears of events, changed. */
    private abstract static class OtherEvents extends ForwardingLog {
        OtherEvents(Log log) {
            super(log);
        }

        abstract boolean isTold(StoredRecord record);

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            return super.tail(
                    partition,
                    from,
                    partition.equals(StateRecords.EVENTS)
                            ? (told, records, next) -> listener.committed(
                                    told, records.stream().filter(this::isTold).toList(), next)
                            : listener);
        }
    }

    /** Forgets what others claim, so that its own claims always win here. */
    private static final class UncheckedHolder extends OtherEvents {
        /** As which members this node has written. */
        private final Set<Long> own = ConcurrentHashMap.newKeySet();

        UncheckedHolder(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            batch.records().stream()
                    .filter(record -> record.partition().equals(StateRecords.EVENTS) && !MemberRecords.is(record))
                    .forEach(record -> own.add(StateRecords.written(record).member()));
            return super.append(batch, level);
        }

        @Override
        boolean isTold(StoredRecord record) {
            return MemberRecords.is(record.record())
                    || own.contains(StateRecords.written(record.record()).member())
                    || StateRecords.eventsOf(record.record()).stream()
                            .noneMatch(event -> event instanceof QueueEvent.Claimed);
        }
    }

    private static final class GoingNotTold extends OtherEvents {
        GoingNotTold(Log log) {
            super(log);
        }

        @Override
        boolean isTold(StoredRecord record) {
            return !MemberRecords.is(record.record())
                    || !(MemberRecords.eventOf(record.record()) instanceof MemberEvent.Gone);
        }
    }

    /** Says after a while of a member that claimed something that it is gone, without having fenced it. */
    private static final class ClaimEndedByTime extends ForwardingLog {
        private static final int WHILE = 40;

        private int appended;

        ClaimEndedByTime(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            List<LogRecord> records = new ArrayList<>(batch.records());
            for (LogRecord record : batch.records()) {
                if (record.partition().equals(StateRecords.EVENTS)
                        && !MemberRecords.is(record)
                        && ++appended % WHILE == 0) {
                    records.add(
                            0,
                            MemberRecords.event(
                                    new MemberEvent.Gone(
                                            StateRecords.written(record).member()),
                                    record.timestamp()));
                }
            }
            int more = records.size() - batch.records().size();
            return super.append(new Batch(records, batch.relies(), batch.purpose()), level)
                    .thenApply(positions -> java.util.Arrays.copyOfRange(positions, more, positions.length));
        }

        @Override
        public long[] appendAndWait(Batch batch, Durability level) {
            return Futures.await(append(batch, level));
        }
    }

    private static final class BranchesWithoutRight extends ForwardingLog {
        BranchesWithoutRight(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost) {
            return CompletableFuture.completedFuture(new Ownership(name, 1));
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            return super.append(Batch.of(batch.records(), batch.purpose()), level);
        }

        @Override
        public long[] appendAndWait(Batch batch, Durability level) {
            return super.appendAndWait(Batch.of(batch.records(), batch.purpose()), level);
        }
    }
}
