package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.until;
import static io.mamba.log.file.Journals.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.log.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final FaultyStorage storage = new FaultyStorage();
    private final FileLog log = Journals.open(storage);
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        storage.letForcesGo();
        pool.shutdownNow();
        log.close();
    }

    private Future<long[]> send(String value, Durability level) {
        return pool.submit(() -> log.appendAndWait(batch(record(ORDERS, value)), level));
    }

    @Test
    void aLoneSenderNeedsOneForcePerBatch() {
        int before = storage.forces();
        for (int i = 0; i < 10; i++) {
            log.appendAndWait(batch(record(ORDERS, "m" + i)), Durability.DURABLE);
        }

        assertThat(storage.forces() - before).isEqualTo(10);
    }

    @Test
    void allWhoQueueBehindAForceShareTheNext() throws Exception {
        int before = storage.forces();
        storage.holdForces();
        List<Future<long[]>> sends = new ArrayList<>();
        sends.add(send("first", Durability.DURABLE));
        until("the first force is under way", () -> storage.waitingForces() == 1);
        for (int i = 0; i < 8; i++) {
            sends.add(send("m" + i, Durability.DURABLE));
        }
        until("eight more wait", () -> log.waiting(Durability.DURABLE) == 9);

        storage.letForcesGo();

        for (Future<long[]> send : sends) {
            send.get();
        }
        assertThat(storage.forces() - before).isEqualTo(2);
        assertThat(values(log, ORDERS)).hasSize(9).startsWith("first");
    }

    @Test
    void whoDoesNotWaitForTheDiskIsNotHeldUpByAForce() throws Exception {
        storage.holdForces();
        Future<long[]> durable = send("durable", Durability.DURABLE);
        until("the force is under way", () -> storage.waitingForces() == 1);

        log.appendAndWait(batch(record(STOCK, "none")), Durability.NONE);
        log.appendAndWait(batch(record(STOCK, "written")), Durability.WRITTEN);
        log.append(batch(record(STOCK, "later")), Durability.WRITTEN).join();

        assertThat(durable.isDone()).isFalse();
        assertThat(values(log, STOCK)).containsExactly("none", "written", "later");
        FaultyStorage after = storage.kill();
        try (FileLog again = Journals.open(after)) {
            assertThat(values(again, STOCK)).containsExactly("none", "written", "later");
        }
        assertThatThrownBy(durable::get).hasCauseInstanceOf(io.mamba.MambaException.class);
    }

    @Test
    void theEndStaysBeforeWhatIsNotCommittedYet() throws Exception {
        long[] first = log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
        storage.holdForces();
        Future<long[]> durable = send("b", Durability.DURABLE);
        until("the force is under way", () -> storage.waitingForces() == 1);
        long[] none = log.appendAndWait(batch(record(ORDERS, "c")), Durability.NONE);
        List<String> told = new ArrayList<>();

        long fence = log.fence(ORDERS);
        log.tail(ORDERS, fence, (partition, records, next) -> records.forEach(r -> told.add(Journals.text(r))));

        assertThat(fence).isGreaterThan(first[0]).isLessThan(none[0]);
        assertThat(values(log, ORDERS)).containsExactly("a");
        assertThat(told).containsExactly("c");
        storage.letForcesGo();
        assertThat(durable.get()[0]).isBetween(fence, none[0]);
        assertThat(told).containsExactly("c", "b");
        assertThat(log.fence(ORDERS)).isGreaterThan(none[0]);
    }

    @Test
    void whatIsWrittenIsForcedSoonWithoutAnybodyAsking() {
        int before = storage.forces();

        log.appendAndWait(batch(record(ORDERS, "a")), Durability.WRITTEN);

        until("a force followed", () -> storage.forces() > before);
    }

    @Test
    void anIdleJournalMarksHowFarItIsDurable() {
        log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);

        until("a mark was written", log::isMarked);
    }

    @Test
    void aFailedForceFailsAllWhoWaitAndAllWhoComeLater() throws Exception {
        log.appendAndWait(batch(record(ORDERS, "safe")), Durability.DURABLE);
        storage.holdForces();
        Future<long[]> first = send("first", Durability.DURABLE);
        until("the force is under way", () -> storage.waitingForces() == 1);
        CompletableFuture<long[]> second = log.append(batch(record(ORDERS, "second")), Durability.DURABLE);

        storage.failNextForce();
        storage.letForcesGo();

        assertThatThrownBy(first::get).hasRootCauseMessage("a force failed by a test");
        assertThatThrownBy(second::join).hasRootCauseMessage("a force failed by a test");
        assertThatThrownBy(() -> log.appendAndWait(batch(record(ORDERS, "later")), Durability.NONE))
                .satisfies(error -> assertThat(Journals.codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));
        assertThatThrownBy(() -> log.fence(ORDERS))
                .satisfies(error -> assertThat(Journals.codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));
    }

    @Test
    void aFailedWriteFailsWhoWaits() {
        storage.failNextWrite();

        assertThatThrownBy(() -> log.appendAndWait(batch(record(ORDERS, "a")), Durability.WRITTEN))
                .satisfies(error -> assertThat(Journals.codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED))
                .hasRootCauseMessage("a write failed by a test");
    }

    @Test
    void interruptsDuringSendsHarmNobody() throws Exception {
        int threads = 8;
        List<Thread> senders = new ArrayList<>();
        List<Throwable> problems = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < threads; t++) {
            String name = "t" + t;
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    log.appendAndWait(
                            batch(record(ORDERS, name + ":" + i)),
                            i % 2 == 0 ? Durability.DURABLE : Durability.WRITTEN);
                }
            });
            sender.setUncaughtExceptionHandler((thread, problem) -> problems.add(problem));
            senders.add(sender);
        }
        senders.forEach(Thread::start);
        while (senders.stream().anyMatch(Thread::isAlive)) {
            senders.forEach(Thread::interrupt);
            Thread.onSpinWait();
        }

        assertThat(problems).isEmpty();
        assertThat(values(log, ORDERS)).hasSize(threads * 300);
    }
}
