package io.mamba.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What an engine promises besides whose log several nodes share. */
public abstract class SharedLogContract extends LogContract {
    private static final long MOST_SECONDS = 60;

    private final List<Log> opened = new ArrayList<>();

    /** The same log as another node opens it. */
    protected abstract Log openAnother(Log log);

    /** The node's process dies without leaving; returns at once, or when its session's time has passed. */
    protected abstract void die(Log log);

    private Log first() {
        Log log = open(Set.of("mamba.state"));
        opened.add(log);
        return log;
    }

    private Log another(Log log) {
        Log other = openAnother(log);
        opened.add(other);
        return other;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Log::close);
    }

    /** What a member is told, in order. */
    protected static final class Told implements MembershipListener {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void keeper(Set<String> members) {
            all.add(Set.copyOf(members));
        }

        @Override
        public void keeperNoMore() {
            all.add("keeper no more");
        }

        @Override
        public void lost(MambaException reason) {
            all.add(reason.code());
        }

        /** Waits until it is told this; what it is told before is passed over. */
        void await(Object expected) {
            List<Object> others = new ArrayList<>();
            while (true) {
                Object next = poll();
                if (next == null) {
                    throw new AssertionError("Expected " + expected + ", but was told " + others);
                }
                if (next.equals(expected)) {
                    return;
                }
                others.add(next);
            }
        }

        private @Nullable Object poll() {
            try {
                return all.poll(MOST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What a tail is told. */
    private static final class Heard implements TailListener {
        private final List<StoredRecord> records = new ArrayList<>();
        private long next;

        @Override
        public synchronized void committed(Partition partition, List<StoredRecord> told, long upTo) {
            records.addAll(told);
            assertThat(upTo).isGreaterThan(next);
            next = upTo;
            notifyAll();
        }

        synchronized List<String> texts() {
            return records.stream().map(LogContract::text).toList();
        }

        synchronized List<StoredRecord> all() {
            return List.copyOf(records);
        }

        synchronized void awaitNext(long fence) {
            await(() -> next >= fence, "to be told up to " + fence);
        }

        synchronized void awaitRecords(int count) {
            await(() -> records.size() >= count, "to hear of " + count + " records");
        }

        private void await(BooleanSupplier condition, String what) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                assertThat(left).as("Expected " + what).isPositive();
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Nested
    class SharedByNodes {
        @Test
        void saysThatItIsShared() {
            assertThat(first().shared()).isTrue();
        }

        @Test
        void tellsEachNodeOfWhatTheOthersAppend() {
            Log one = first();
            Log two = another(one);
            Heard heard = new Heard();
            two.tail(ORDERS, 0, heard);

            one.appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "s"), record(ORDERS, "b")), Durability.DURABLE);
            one.appendAndWait(batch(record(ORDERS, "c")), Durability.DURABLE);

            heard.awaitRecords(3);
            assertThat(heard.texts()).containsExactly("a", "b", "c");
        }

        @Test
        void fencesWhatAnyNodeHasCompletedAndTellsUpToThere() {
            Log one = first();
            Log two = another(one);
            Heard heard = new Heard();
            two.tail(ORDERS, 0, heard);
            long[] positions = one.appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "s")), Durability.DURABLE);

            Map<Partition, Long> fences = two.fence(List.of(ORDERS, STOCK));

            assertThat(fences.get(ORDERS)).isGreaterThan(positions[0]);
            assertThat(fences.get(STOCK)).isGreaterThan(positions[1]);
            assertThat(values(two, ORDERS)).containsExactly("a");
            assertThat(two.read(Map.of(STOCK, 0L), stored -> {}).get(STOCK))
                    .isGreaterThanOrEqualTo(fences.getOrDefault(STOCK, 0L));
            heard.awaitNext(fences.getOrDefault(ORDERS, 0L));
            assertThat(heard.texts()).containsExactly("a");
        }

        @Test
        void givesEveryNodeTheSameOrder() {
            Log one = first();
            Log two = another(one);
            Heard byOne = new Heard();
            Heard byTwo = new Heard();
            one.tail(EVENTS, 0, byOne);
            two.tail(EVENTS, 0, byTwo);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> appendMany(two, "two"));
            appendMany(one, "one");
            other.join();

            byOne.awaitRecords(200);
            byTwo.awaitRecords(200);
            assertThat(byOne.all())
                    .extracting(StoredRecord::position)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .isEqualTo(byTwo.all().stream().map(StoredRecord::position).toList());
            assertThat(byOne.texts()).isEqualTo(byTwo.texts());
        }

        @Test
        void tellsWhatOthersAppendedInFrontBeforeItReturnsWhereTheRecordItselfMayBeToldLater() {
            Log one = first();
            Log two = another(one);
            Heard byOne = new Heard();
            one.tail(EVENTS, 0, byOne);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> appendMany(two, "two"));
            Map<Long, List<Long>> heardOnReturn = new LinkedHashMap<>();

            for (int i = 0; i < 200; i++) {
                long position = one.appendToldLater(batch(record(EVENTS, "one" + i)), Durability.DURABLE)
                        .join()[0];
                heardOnReturn.put(
                        position,
                        byOne.all().stream().map(StoredRecord::position).toList());
            }

            other.join();
            byOne.awaitRecords(300);
            List<Long> others = byOne.all().stream()
                    .map(StoredRecord::position)
                    .filter(position -> !heardOnReturn.containsKey(position))
                    .toList();
            assertThat(others).hasSize(100);
            heardOnReturn.forEach((position, heard) -> assertThat(heard)
                    .as("heard when %s was appended", position)
                    .containsAll(others.stream()
                            .filter(earlier -> earlier < position)
                            .toList()));
        }

        private void appendMany(Log log, String text) {
            for (int i = 0; i < 100; i++) {
                log.appendAndWait(batch(record(EVENTS, text + i)), Durability.DURABLE);
            }
        }

        @Test
        void hasTheLastRecordOfEachKeyWhoeverWroteIt() {
            Log one = first();
            Log two = another(one);
            one.appendAndWait(batch(keyed("a", "1"), keyed("b", "1"), keyed("c", "1")), Durability.DURABLE);
            two.appendAndWait(batch(keyed("a", "2"), keyed("b", null)), Durability.DURABLE);

            assertThat(latest(one)).isEqualTo(Map.of("a", "2", "c", "1"));
            assertThat(latest(two)).isEqualTo(Map.of("a", "2", "c", "1"));
        }

        @Test
        void fencesTheOwnerInAnotherNode() {
            Log one = first();
            Log two = another(one);
            Ownership before = one.acquire("branches", ignored -> {}).join();
            one.appendAndWait(new Batch(List.of(record(ORDERS, "a")), Set.of(before)), Durability.DURABLE);

            Ownership after = two.acquire("branches", ignored -> {}).join();

            assertThat(after.epoch()).isGreaterThan(before.epoch());
            Batch stale = new Batch(List.of(record(ORDERS, "b"), record(STOCK, "b")), Set.of(before));
            assertThat(failure(one.append(stale, Durability.DURABLE)).code()).isEqualTo(ErrorCode.FENCED);
            two.appendAndWait(new Batch(List.of(record(ORDERS, "c")), Set.of(after)), Durability.DURABLE);
            one.appendAndWait(batch(record(ORDERS, "d")), Durability.DURABLE);
            assertThat(values(two, ORDERS)).containsExactly("a", "c", "d");
        }

        @Test
        void createsATopicOnceForAll() {
            Log one = first();
            Log two = another(one);

            assertThat(one.create("queue.orders", 1)).isEqualTo(1);
            assertThat(two.create("queue.orders", 1)).isEqualTo(1);
        }

        @Test
        void deletesATopicWithAllThatIsInIt() {
            Log one = first();
            Log two = another(one);
            one.create("mamba.temporary.7", 1);
            Partition temporary = new Partition("mamba.temporary.7", 0);
            one.appendAndWait(batch(record(temporary, "a"), record(ORDERS, "b")), Durability.DURABLE);

            two.delete("mamba.temporary.7");
            two.delete("mamba.temporary.7");

            assertThat(two.partitions()).contains(ORDERS).doesNotContain(temporary);
        }
    }

    @Nested
    class TakingPart {
        @Test
        void makesTheOnlyOneTheKeeper() {
            Told told = new Told();

            Membership alone = first().join("a", told);

            told.await(Set.of(alone.member()));
        }

        @Test
        void isKnownToTheKeeperBeforeJoiningReturns() {
            Log one = first();
            Told told = new Told();
            Membership keeper = one.join("a", told);

            Membership second = another(one).join("b", new Told());

            assertThat(second.member()).isNotEqualTo(keeper.member());
            assertThat(told.all).contains(Set.of(keeper.member(), second.member()));
        }

        @Test
        void givesTheSameNodeAnotherNameEachTime() {
            Log one = first();
            Membership before = one.join("a", new Told());
            before.close();

            Membership after = one.join("a", new Told());

            assertThat(after.member()).isNotEqualTo(before.member());
        }

        @Test
        void handsTheKeepersDutiesOnWhenItLeaves() {
            Log one = first();
            Told toldFirst = new Told();
            Membership keeper = one.join("a", toldFirst);
            Told told = new Told();
            Membership second = another(one).join("b", told);

            keeper.close();

            told.await(Set.of(second.member()));
        }

        @Test
        void handsTheKeepersDutiesOnWhenItDies() {
            Log one = first();
            one.join("a", new Told());
            Told told = new Told();
            Log two = another(one);
            Membership second = two.join("b", told);

            die(one);

            told.await(Set.of(second.member()));
        }

        @Test
        void tellsTheKeeperWhoDied() {
            Log one = first();
            Told told = new Told();
            Membership keeper = one.join("a", told);
            Log two = another(one);
            two.join("b", new Told());

            die(two);

            told.await(Set.of(keeper.member()));
        }

        @Test
        void endsForWhoeverIsFenced() {
            Log one = first();
            Membership keeper = one.join("a", new Told());
            Log two = another(one);
            Told told = new Told();
            Membership second = two.join("b", told);
            two.appendAndWait(batch(record(EVENTS, "before"), record(ORDERS, "before")), Durability.DURABLE);

            keeper.fence(second.member());

            long fence = one.fence(ORDERS);
            Batch late = batch(record(EVENTS, "after"), record(ORDERS, "after"));
            assertThatThrownBy(() -> two.appendAndWait(late, Durability.DURABLE))
                    .satisfies(
                            error -> assertThat(((MambaException) error).code()).isEqualTo(ErrorCode.FENCED));
            told.await(ErrorCode.FENCED);
            assertThat(one.fence(ORDERS)).isGreaterThanOrEqualTo(fence);
            assertThat(values(one, ORDERS)).containsExactly("before");
            assertThat(values(one, EVENTS)).containsExactly("before");
        }

        @Test
        void keepsWhoeverIsFencedFromReplacingASingleKeyedRecord() {
            Log one = first();
            Membership keeper = one.join("a", new Told());
            Log two = another(one);
            Told told = new Told();
            Membership second = two.join("b", told);
            two.appendAndWait(batch(keyed("snapshot", "of the second")), Durability.DURABLE);
            keeper.fence(second.member());
            one.appendAndWait(batch(keyed("snapshot", "of the keeper")), Durability.DURABLE);

            CompletableFuture<long[]> late = two.append(batch(keyed("snapshot", "late")), Durability.DURABLE);

            assertThat(failure(late).code()).isEqualTo(ErrorCode.FENCED);
            assertThat(latest(one)).isEqualTo(Map.of("snapshot", "of the keeper"));
        }

        @Test
        void canBeginAgainAfterItWasLost() {
            Log one = first();
            Told toldKeeper = new Told();
            Membership keeper = one.join("a", toldKeeper);
            Log two = another(one);
            Told told = new Told();
            Membership second = two.join("b", told);
            keeper.fence(second.member());
            assertThat(failure(two.append(batch(record(EVENTS, "after"), record(ORDERS, "after")), Durability.DURABLE))
                            .code())
                    .isEqualTo(ErrorCode.FENCED);
            told.await(ErrorCode.FENCED);

            Membership again = two.join("b", new Told());

            toldKeeper.await(Set.of(keeper.member(), again.member()));
            two.appendAndWait(batch(record(EVENTS, "again"), record(ORDERS, "again")), Durability.DURABLE);
            keeper.fence(second.member());
            two.appendAndWait(batch(record(EVENTS, "still"), record(ORDERS, "still")), Durability.DURABLE);
            assertThat(values(one, ORDERS)).containsExactly("again", "still");
        }

        @Test
        void mayFenceWhoHasLeftLongAgo() {
            Log one = first();
            Membership keeper = one.join("a", new Told());
            Log two = another(one);
            Membership second = two.join("b", new Told());
            second.close();

            keeper.fence(second.member());
            keeper.fence(second.member());

            one.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            assertThat(values(one, ORDERS)).containsExactly("a");
        }
    }
}
