package io.mamba.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every engine promises. An engine's test extends it and says how to open and reopen a log. */
public abstract class LogContract {
    protected static final Partition ORDERS = new Partition("queue.orders", 0);
    protected static final Partition STOCK = new Partition("queue.stock", 0);
    protected static final Partition EVENTS = new Partition("mamba.events", 0);
    protected static final Partition STATE = new Partition("mamba.state", 0);
    private static final Set<String> KEYED = Set.of("mamba.state");

    private final Queue<CompletableFuture<?>> notAwaited = new ConcurrentLinkedQueue<>();
    private @Nullable Log log;

    /** A new, empty log. Called once per test. */
    protected abstract Log open(Set<String> keyedTopics);

    /** Closes the log as a clean shutdown does and opens it again. */
    protected abstract Log reopen(Log log);

    /**
     * @param log has only its reserve left
     * @param makeRoom gives it space again, which it finds within a second or so
     */
    public record Full(Log log, Runnable makeRoom) {}

    /** A log on a full disk, or null where the engine does not know of disks. */
    protected @Nullable Full openFull() {
        return null;
    }

    protected static LogRecord record(Partition partition, String value) {
        return new LogRecord(partition, null, List.of(), value.getBytes(UTF_8), 1_000);
    }

    protected static LogRecord keyed(String key, @Nullable String value) {
        return new LogRecord(
                STATE, key.getBytes(UTF_8), List.of(), value == null ? null : value.getBytes(UTF_8), 1_000);
    }

    protected static Batch batch(LogRecord... records) {
        return Batch.of(List.of(records));
    }

    protected static String text(StoredRecord stored) {
        byte[] value = stored.record().value();
        return value == null ? "" : new String(value, UTF_8);
    }

    protected static List<StoredRecord> read(Log log, Partition partition, long from) {
        List<StoredRecord> found = new ArrayList<>();
        log.read(Map.of(partition, from), found::add);
        return found;
    }

    protected static List<String> values(Log log, Partition partition) {
        return read(log, partition, 0).stream().map(LogContract::text).toList();
    }

    protected static Map<String, String> latest(Log log) {
        Map<String, String> found = new HashMap<>();
        log.latest(STATE, stored -> {
            byte[] key = stored.record().key();
            assertThat(key).isNotNull();
            found.put(new String(key, UTF_8), text(stored));
        });
        return found;
    }

    protected static MambaException failure(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MambaException known) {
                return known;
            }
            throw e;
        }
        throw new AssertionError("Expected a failure, but the append went through");
    }

    private static ErrorCode codeOf(Throwable error) {
        return ((MambaException) error).code();
    }

    private Log log() {
        if (log == null) {
            log = open(KEYED);
        }
        return log;
    }

    private Log reopened() {
        log = reopen(log());
        return log;
    }

    @AfterEach
    void closeLog() {
        if (log != null) {
            log.close();
        }
        notAwaited.forEach(CompletableFuture::join);
    }

    @Nested
    class Appending {
        @ParameterizedTest
        @EnumSource(Durability.class)
        void givesGrowingPositionsAndReadsBackInOrder(Durability level) {
            long[] first = log().appendAndWait(batch(record(ORDERS, "a"), record(ORDERS, "b")), level);
            long[] second = log().append(batch(record(ORDERS, "c")), level).join();

            assertThat(first[0]).isLessThan(first[1]);
            assertThat(first[1]).isLessThan(second[0]);
            assertThat(read(log(), ORDERS, 0))
                    .extracting(StoredRecord::position)
                    .containsExactly(first[0], first[1], second[0]);
            assertThat(values(log(), ORDERS)).containsExactly("a", "b", "c");
        }

        @Test
        void keepsEveryPartOfARecord() {
            LogRecord full = new LogRecord(
                    ORDERS,
                    "group".getBytes(UTF_8),
                    List.of(
                            new Header("n", "1".getBytes(UTF_8)),
                            new Header("n", new byte[0]),
                            new Header("n", null),
                            new Header("größe", new byte[] {-1, 0})),
                    "body".getBytes(UTF_8),
                    5);
            LogRecord bare = new LogRecord(ORDERS, null, List.of(), null, Long.MAX_VALUE);
            LogRecord empty = new LogRecord(ORDERS, new byte[0], List.of(), new byte[0], 0);
            log().appendAndWait(batch(full, bare, empty), Durability.DURABLE);

            List<StoredRecord> found = read(reopened(), ORDERS, 0);

            assertThat(found).hasSize(3);
            assertSame(found.get(0).record(), full);
            assertSame(found.get(1).record(), bare);
            assertSame(found.get(2).record(), empty);
        }

        @Test
        void refusesBeforehandWhatCouldNeverBeAppended() {
            log().check(record(ORDERS, "fits"));
            LogRecord keyless = new LogRecord(STATE, null, List.of(), new byte[1], 1);

            assertThatThrownBy(() -> log().check(keyless))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.INVALID_ARGUMENT));
            assertThat(values(log(), ORDERS)).isEmpty();
        }

        private void assertSame(LogRecord actual, LogRecord expected) {
            assertThat(actual.partition()).isEqualTo(expected.partition());
            assertThat(actual.key()).isEqualTo(expected.key());
            assertThat(actual.value()).isEqualTo(expected.value());
            assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
            assertThat(actual.headers()).hasSameSizeAs(expected.headers());
            for (int i = 0; i < expected.headers().size(); i++) {
                assertThat(actual.headers().get(i).name())
                        .isEqualTo(expected.headers().get(i).name());
                assertThat(actual.headers().get(i).value())
                        .isEqualTo(expected.headers().get(i).value());
            }
        }

        @Test
        void keepsABatchOverSeveralPartitionsTogether() {
            long[] positions = log().appendAndWait(
                            batch(record(ORDERS, "a"), record(STOCK, "b"), keyed("k", "c"), record(ORDERS, "d")),
                            Durability.DURABLE);

            Log again = reopened();

            assertThat(values(again, ORDERS)).containsExactly("a", "d");
            assertThat(values(again, STOCK)).containsExactly("b");
            assertThat(latest(again)).containsExactly(Map.entry("k", "c"));
            assertThat(text(stored(again.get(STOCK, positions[1])))).isEqualTo("b");
        }

        @Test
        void completesBatchesOfOneLevelInOrder() {
            List<Integer> completed = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                int number = i;
                all.add(log().append(batch(record(ORDERS, "m" + i)), Durability.DURABLE)
                        .thenRun(() -> completed.add(number)));
            }

            all.forEach(CompletableFuture::join);

            assertThat(completed).hasSize(500).isSorted();
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void keepsTheOrderOfEachOfManyThreads(Durability level) throws Exception {
            int threads = 8;
            int each = 200;
            Log shared = log();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int thread = t;
                    running.add(pool.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            LogRecord record = record(ORDERS, thread + ":" + i);
                            if (i % 3 == 0) {
                                notAwaited.add(shared.append(batch(record), level));
                            } else {
                                shared.appendAndWait(batch(record), level);
                            }
                        }
                    }));
                }
                for (Future<?> future : running) {
                    future.get();
                }
            } finally {
                pool.shutdownNow();
            }

            List<String> found = values(reopened(), ORDERS);

            assertThat(found).hasSize(threads * each);
            for (int t = 0; t < threads; t++) {
                String prefix = t + ":";
                List<Integer> numbers = found.stream()
                        .filter(value -> value.startsWith(prefix))
                        .map(value -> Integer.valueOf(value.substring(prefix.length())))
                        .toList();
                assertThat(numbers).hasSize(each).isSorted();
            }
        }

        @Test
        void takesRecordsAndBatchesOfManyMegabytes() {
            byte[] big = new byte[5 << 20];
            for (int i = 0; i < big.length; i++) {
                big[i] = (byte) (i * 31 + (i >>> 12));
            }
            LogRecord large = new LogRecord(ORDERS, null, List.of(), big, 1);
            List<LogRecord> many = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                many.add(record(STOCK, i + "-" + "x".repeat(700)));
            }
            long[] before = log().appendAndWait(batch(record(ORDERS, "before")), Durability.DURABLE);
            long[] at = log().appendAndWait(batch(large, record(ORDERS, "small")), Durability.DURABLE);
            long[] several = log().append(Batch.of(many), Durability.WRITTEN).join();
            long[] after = log().appendAndWait(batch(record(ORDERS, "after")), Durability.DURABLE);

            assertThat(LongStream.of(before[0], at[0], at[1], after[0]).toArray())
                    .isSorted();
            assertThat(several).hasSize(3_000).isSorted();
            assertThat(stored(log().get(ORDERS, at[0])).record().value()).isEqualTo(big);
            Log again = reopened();
            assertThat(stored(again.get(ORDERS, at[0])).record().value()).isEqualTo(big);
            assertThat(text(stored(again.get(STOCK, several[1_234])))).startsWith("1234-x");
            List<StoredRecord> orders = read(again, ORDERS, 0);
            assertThat(orders).extracting(StoredRecord::position).containsExactly(before[0], at[0], at[1], after[0]);
            assertThat(Arrays.equals(orders.get(1).record().value(), big)).isTrue();
            List<StoredRecord> stock = read(again, STOCK, 0);
            assertThat(stock).hasSize(3_000);
            assertThat(text(stock.get(2_999))).startsWith("2999-x");
        }

        @Test
        void keepsAnInterruptPendingAndGoesOn() {
            Log shared = log();
            Thread.currentThread().interrupt();
            try {
                for (Durability level : Durability.values()) {
                    shared.appendAndWait(batch(record(ORDERS, level.name())), level);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
                assertThat(values(shared, ORDERS)).hasSize(3);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                Thread.interrupted();
            }
            shared.appendAndWait(batch(record(ORDERS, "after")), Durability.DURABLE);
            assertThat(values(reopened(), ORDERS)).hasSize(4).endsWith("after");
        }
    }

    @Nested
    class Reading {
        @Test
        void startsAtThePositionGivenInclusive() {
            long[] positions = log().appendAndWait(
                            batch(record(ORDERS, "a"), record(ORDERS, "b"), record(ORDERS, "c")), Durability.WRITTEN);

            assertThat(read(log(), ORDERS, positions[1]))
                    .extracting(LogContract::text)
                    .containsExactly("b", "c");
            assertThat(read(log(), ORDERS, positions[1] + 1))
                    .extracting(LogContract::text)
                    .containsExactly("c");
            assertThat(read(log(), ORDERS, log().fence(ORDERS))).isEmpty();
        }

        @Test
        void givesOnlyThePartitionsAskedForEachFromItsOwnPosition() {
            log().appendAndWait(batch(record(ORDERS, "o1"), record(STOCK, "s1")), Durability.WRITTEN);
            long[] second = log().appendAndWait(batch(record(ORDERS, "o2"), record(STOCK, "s2")), Durability.WRITTEN);
            log().appendAndWait(batch(keyed("k", "v")), Durability.WRITTEN);

            List<String> found = new ArrayList<>();
            log().read(Map.of(ORDERS, second[0], STOCK, 0L), stored -> found.add(text(stored)));

            assertThat(found).containsExactlyInAnyOrder("s1", "o2", "s2");
            assertThat(found.indexOf("s1")).isLessThan(found.indexOf("s2"));
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void getsARecordByItsPosition(Durability level) {
            long[] positions = log().appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "b")), level);

            StoredRecord found = stored(log().get(STOCK, positions[1]));

            assertThat(found.position()).isEqualTo(positions[1]);
            assertThat(found.record().partition()).isEqualTo(STOCK);
            assertThat(text(found)).isEqualTo("b");
        }

        @Test
        void endsBehindTheLastRecordAndAtZeroWhereThereIsNone() {
            assertThat(log().fence(ORDERS)).isZero();
            long[] positions = log().appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            log().appendAndWait(batch(record(STOCK, "b")), Durability.DURABLE);

            long end = log().fence(ORDERS);
            assertThat(end).isGreaterThan(positions[0]);
            Log again = reopened();
            assertThat(again.fence(ORDERS)).isEqualTo(end);
            assertThat(again.fence(new Partition("queue.orders", 7))).isZero();
            long[] later = again.appendAndWait(batch(record(ORDERS, "c")), Durability.DURABLE);
            assertThat(later[0]).isGreaterThanOrEqualTo(end);
        }

        @Test
        void saysWhereItStopped() {
            long[] positions = log().appendAndWait(batch(record(ORDERS, "a"), record(ORDERS, "b")), Durability.DURABLE);

            Map<Partition, Long> stopped = log().read(
                            Map.of(ORDERS, positions[1], STOCK, 0L),
                            stored -> assertThat(text(stored)).isEqualTo("b"));

            assertThat(stopped).containsOnlyKeys(ORDERS, STOCK);
            assertThat(stopped.get(ORDERS)).isGreaterThan(positions[1]);
            long[] later = log().appendAndWait(batch(record(ORDERS, "c"), record(STOCK, "s")), Durability.DURABLE);
            assertThat(stopped.get(ORDERS)).isLessThanOrEqualTo(later[0]);
            assertThat(stopped.get(STOCK)).isLessThanOrEqualTo(later[1]);
        }

        @Test
        void getsManyRecordsAtOnce() {
            long[] positions = log().appendAndWait(
                            batch(record(ORDERS, "a"), record(STOCK, "s"), record(ORDERS, "b"), record(ORDERS, "c")),
                            Durability.DURABLE);
            List<String> found = new ArrayList<>();

            log().get(ORDERS, new long[] {positions[0], positions[3]}, stored -> found.add(text(stored)));

            assertThat(found).containsExactly("a", "c");
        }

        @Test
        void getsRecordsUntilNoMoreIsWanted() {
            long[] positions = log().appendAndWait(
                            batch(record(ORDERS, "a"), record(ORDERS, "b"), record(ORDERS, "c")), Durability.DURABLE);
            List<String> found = new ArrayList<>();

            log().get(ORDERS, positions, stored -> {
                found.add(text(stored));
                return found.size() < 2;
            });

            assertThat(found).containsExactly("a", "b");
        }

        @Test
        void fencesSeveralPartitionsAtOnce() {
            long[] positions = log().appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "b")), Durability.DURABLE);

            Map<Partition, Long> fences = log().fence(List.of(ORDERS, STOCK));

            assertThat(fences).containsOnlyKeys(ORDERS, STOCK);
            assertThat(fences.get(ORDERS)).isGreaterThan(positions[0]).isLessThanOrEqualTo(log().fence(ORDERS));
            assertThat(fences.get(STOCK)).isGreaterThan(positions[1]).isLessThanOrEqualTo(log().fence(STOCK));
        }

        @Test
        void createsATopicAsOftenAsItIsAsked() {
            assertThat(log().create("queue.orders", 1)).isEqualTo(1);
            assertThat(log().create("queue.orders", 1)).isEqualTo(1);
            log().appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);

            assertThat(values(log(), ORDERS)).containsExactly("a");
        }

        @Test
        void namesThePartitionsThatHaveRecords() {
            assertThat(log().partitions()).isEmpty();
            log().appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "b")), Durability.DURABLE);

            assertThat(log().partitions()).containsExactlyInAnyOrder(ORDERS, STOCK);
            assertThat(reopened().partitions()).containsExactlyInAnyOrder(ORDERS, STOCK);
        }
    }

    @Nested
    class Tailing {
        @ParameterizedTest
        @EnumSource(Durability.class)
        void isToldBeforeTheBatchCompletes(Durability level) {
            List<String> told = Collections.synchronizedList(new ArrayList<>());
            try (Tail tail =
                    log().tail(EVENTS, 0, (partition, records, next) -> records.forEach(r -> told.add(text(r))))) {
                assertThat(tail).isNotNull();
                log().appendAndWait(batch(record(EVENTS, "a"), record(STOCK, "x"), record(EVENTS, "b")), level);
                assertThat(told).containsExactly("a", "b");
                List<String> atCompletion = log().append(batch(record(EVENTS, "c")), level)
                        .thenApply(positions -> List.copyOf(told))
                        .join();
                assertThat(atCompletion).containsExactly("a", "b", "c");
            }
        }

        @Test
        void startsWithWhatIsThereAlready() {
            log().appendAndWait(batch(record(EVENTS, "a")), Durability.DURABLE);
            long[] second = log().appendAndWait(batch(record(EVENTS, "b")), Durability.DURABLE);
            List<String> told = Collections.synchronizedList(new ArrayList<>());

            try (Tail tail = log().tail(
                            EVENTS, second[0], (partition, records, next) -> records.forEach(r -> told.add(text(r))))) {
                assertThat(tail).isNotNull();
                log().appendAndWait(batch(record(EVENTS, "c")), Durability.DURABLE);
                assertThat(told).containsExactly("b", "c");
            }
        }

        @Test
        void hearsNothingOnceClosed() {
            List<String> told = Collections.synchronizedList(new ArrayList<>());
            Tail tail = log().tail(EVENTS, 0, (partition, records, next) -> records.forEach(r -> told.add(text(r))));
            log().appendAndWait(batch(record(EVENTS, "a")), Durability.WRITTEN);

            tail.close();

            log().appendAndWait(batch(record(EVENTS, "b")), Durability.WRITTEN);
            assertThat(told).containsExactly("a");
        }

        @Test
        void hearsEachRecordOnceAndInOrderWhileOthersAppend() throws Exception {
            Log shared = log();
            ExecutorService pool = Executors.newFixedThreadPool(2);
            try {
                Future<?> appending = pool.submit(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        notAwaited.add(shared.append(batch(record(EVENTS, "m" + i)), Durability.WRITTEN));
                    }
                });
                for (int round = 0; round < 5; round++) {
                    List<Long> told = Collections.synchronizedList(new ArrayList<>());
                    Tail tail = shared.tail(
                            EVENTS, 0, (partition, records, next) -> records.forEach(r -> told.add(r.position())));
                    if (round == 4) {
                        appending.get();
                        shared.appendAndWait(batch(record(EVENTS, "last")), Durability.WRITTEN);
                        assertThat(told).hasSize(2_001);
                    }
                    tail.close();
                    assertThat(List.copyOf(told)).isSorted().doesNotHaveDuplicates();
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Nested
    class KeyedPartitions {
        @Test
        void giveTheLastRecordOfEachKey() {
            log().appendAndWait(batch(keyed("a", "1"), keyed("b", "1")), Durability.DURABLE);
            log().appendAndWait(batch(keyed("a", "2")), Durability.NONE);
            log().appendAndWait(batch(keyed("c", "1"), keyed("c", "2")), Durability.WRITTEN);

            Map<String, String> expected = Map.of("a", "2", "b", "1", "c", "2");
            assertThat(latest(log())).isEqualTo(expected);
            assertThat(latest(reopened())).isEqualTo(expected);
        }

        @Test
        void forgetAKeyWhoseLastRecordIsATombstone() {
            log().appendAndWait(batch(keyed("a", "1"), keyed("b", "1")), Durability.DURABLE);
            log().appendAndWait(batch(keyed("a", null), keyed("c", "1"), keyed("c", null)), Durability.DURABLE);

            assertThat(latest(log())).isEqualTo(Map.of("b", "1"));
            log().checkpoint(Map.of());
            log().appendAndWait(batch(keyed("b", null), keyed("d", "1")), Durability.DURABLE);
            assertThat(latest(reopened())).isEqualTo(Map.of("d", "1"));
        }

        @Test
        void needAKey() {
            LogRecord keyless = new LogRecord(STATE, null, List.of(), new byte[1], 1);

            assertThatThrownBy(() -> log().appendAndWait(batch(record(ORDERS, "a"), keyless), Durability.DURABLE))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.INVALID_ARGUMENT));
            assertThat(values(log(), ORDERS)).isEmpty();
        }

        @Test
        void surviveACheckpointAndMuchTraffic() {
            log().appendAndWait(batch(keyed("old", "kept")), Durability.DURABLE);
            for (int i = 0; i < 299; i++) {
                notAwaited.add(log().append(batch(keyed("busy", i + "x".repeat(10_000))), Durability.WRITTEN));
                if (i % 50 == 49) {
                    log().checkpoint(Map.of());
                }
            }
            log().appendAndWait(batch(keyed("busy", 299 + "x".repeat(10_000))), Durability.WRITTEN);

            assertThat(latest(log())).hasSize(2).containsEntry("old", "kept");
            Log again = reopened();
            assertThat(latest(again)).hasSize(2).containsEntry("old", "kept");
            assertThat(latest(again).get("busy")).startsWith("299x");
        }
    }

    @Nested
    class Releasing {
        @Test
        void leavesHolesAndMovesNobody() {
            long[] positions = log().appendAndWait(
                            batch(record(ORDERS, "a"), record(ORDERS, "b"), record(ORDERS, "c"), record(STOCK, "s")),
                            Durability.DURABLE);

            log().release(ORDERS, new long[] {positions[1]});
            log().checkpoint(Map.of(ORDERS, log().fence(ORDERS)));

            Log again = reopened();
            again.retain(
                    ORDERS,
                    again.fence(ORDERS),
                    LongStream.of(positions[0], positions[2]).iterator());
            assertThat(text(stored(again.get(ORDERS, positions[0])))).isEqualTo("a");
            assertThat(text(stored(again.get(ORDERS, positions[2])))).isEqualTo("c");
            assertThat(text(stored(again.get(STOCK, positions[3])))).isEqualTo("s");
            assertThat(values(again, ORDERS)).contains("a", "c");
        }

        @Test
        void keepsWhatIsNeededThroughTrafficCheckpointsAndRestarts() {
            long[] kept = log().appendAndWait(batch(record(ORDERS, "kept")), Durability.DURABLE);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 300; i++) {
                    long[] position = log().appendAndWait(batch(record(ORDERS, "x".repeat(5_000))), Durability.WRITTEN);
                    log().release(ORDERS, position);
                }
                log().checkpoint(Map.of(ORDERS, log().fence(ORDERS)));
                Log again = reopened();
                again.retain(ORDERS, again.fence(ORDERS), LongStream.of(kept[0]).iterator());
                again.checkpoint(Map.of(ORDERS, again.fence(ORDERS)));
                assertThat(text(stored(again.get(ORDERS, kept[0])))).isEqualTo("kept");
            }
            assertThat(values(log(), ORDERS)).startsWith("kept");
        }

        @Test
        void isNotForKeyedPartitions() {
            long[] position = log().appendAndWait(batch(keyed("a", "1")), Durability.DURABLE);

            assertThatThrownBy(() -> log().release(STATE, position))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }

        @Test
        void countsTheBytesSinceTheLastCheckpoint() {
            log().checkpoint(Map.of());
            long before = log().bytesSinceCheckpoint();
            log().appendAndWait(batch(record(ORDERS, "x".repeat(10_000))), Durability.DURABLE);

            assertThat(log().bytesSinceCheckpoint()).isGreaterThanOrEqualTo(before + 10_000);
            log().checkpoint(Map.of());
            assertThat(log().bytesSinceCheckpoint()).isLessThan(10_000);
        }
    }

    @Nested
    class OnAFullDisk {
        @Test
        void refusesWhatGrowsGoesOnWithTheRestAndResumesByItself() {
            Full full = openFull();
            assumeTrue(full != null, "this engine does not know of disks");
            if (full != null) {
                log = full.log;
                Batch growing = batch(record(ORDERS, "new"));
                assertThat(failure(log().append(growing, Durability.DURABLE)).code())
                        .isEqualTo(ErrorCode.RESOURCE_LIMIT);
                assertThatThrownBy(() -> log().appendAndWait(growing, Durability.NONE))
                        .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.RESOURCE_LIMIT));
                assertThat(log().lowOnSpace()).isTrue();
                List<LogRecord> moved = List.of(record(ORDERS, "moved"), record(STOCK, "moved"));
                log().appendAndWait(Batch.of(moved, Batch.Purpose.MOVING), Durability.DURABLE);
                List<LogRecord> settled = List.of(record(ORDERS, "settled"));
                log().append(Batch.of(settled, Batch.Purpose.SETTLING), Durability.WRITTEN)
                        .join();
                assertThat(values(log(), ORDERS)).contains("moved", "settled").doesNotContain("new");

                full.makeRoom.run();

                appendWhenThereIsRoom(growing);
                assertThat(log().lowOnSpace()).isFalse();
                assertThat(values(log(), ORDERS)).endsWith("moved", "settled", "new");
            }
        }

        private void appendWhenThereIsRoom(Batch batch) {
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (true) {
                try {
                    log().appendAndWait(batch, Durability.DURABLE);
                    return;
                } catch (MambaException full) {
                    assertThat(full.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT);
                    assertThat(System.nanoTime()).as("appending resumes").isLessThan(deadline);
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Nested
    class Owning {
        @Test
        void letsTheOwnerAppendAndRefusesWhoLostIt() {
            List<Ownership> lost = Collections.synchronizedList(new ArrayList<>());
            Ownership first = log().acquire("lane", lost::add).join();
            log().appendAndWait(new Batch(List.of(record(ORDERS, "a")), Set.of(first)), Durability.DURABLE);

            Ownership second = log().acquire("lane", ignored -> {}).join();

            assertThat(lost).containsExactly(first);
            assertThat(second.epoch()).isGreaterThan(first.epoch());
            Batch stale = new Batch(List.of(record(ORDERS, "b"), record(STOCK, "c")), Set.of(first));
            assertThat(failure(log().append(stale, Durability.NONE)).code()).isEqualTo(ErrorCode.FENCED);
            assertThatThrownBy(() -> log().appendAndWait(stale, Durability.DURABLE))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.FENCED));
            log().appendAndWait(new Batch(List.of(record(ORDERS, "d")), Set.of(second)), Durability.DURABLE);
            assertThat(values(log(), ORDERS)).containsExactly("a", "d");
            assertThat(values(log(), STOCK)).isEmpty();
        }

        @Test
        void refusesABatchAsSoonAsOneOfItsOwnershipsIsGivenUp() {
            Ownership lane = log().acquire("lane", ignored -> {}).join();
            Ownership branches = log().acquire("branches", ignored -> {}).join();
            log().release(lane);

            Batch both = new Batch(List.of(record(ORDERS, "a")), Set.of(lane, branches));
            assertThat(failure(log().append(both, Durability.DURABLE)).code()).isEqualTo(ErrorCode.FENCED);
            log().appendAndWait(new Batch(List.of(record(ORDERS, "b")), Set.of(branches)), Durability.DURABLE);
        }

        @Test
        void raisesTheEpochOverRestarts() {
            Ownership before = log().acquire("lane", ignored -> {}).join();

            Ownership after = reopened().acquire("lane", ignored -> {}).join();

            assertThat(after.epoch()).isGreaterThan(before.epoch());
            Batch stale = new Batch(List.of(record(ORDERS, "a")), Set.of(before));
            assertThat(failure(log().append(stale, Durability.DURABLE)).code()).isEqualTo(ErrorCode.FENCED);
        }
    }

    @Nested
    class Closing {
        @Test
        void keepsWhatNobodyWaitedFor() {
            Stream.of(Durability.values())
                    .forEach(level -> notAwaited.add(log().append(batch(record(ORDERS, level.name())), level)));

            assertThat(values(reopened(), ORDERS)).containsExactly("NONE", "WRITTEN", "DURABLE");
        }

        @Test
        void canBeRepeatedAndEndsEveryUse() {
            Log ended = log();
            ended.close();
            ended.close();

            assertThatThrownBy(() -> ended.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE))
                    .isInstanceOf(MambaException.class);
            assertThatThrownBy(() -> ended.fence(ORDERS)).isInstanceOf(MambaException.class);
        }
    }

    protected static StoredRecord stored(@Nullable StoredRecord found) {
        assertThat(found).isNotNull();
        if (found == null) {
            throw new AssertionError();
        }
        return found;
    }
}
