package io.mamba.ra;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ra.fake.FakeServer;
import io.mamba.ra.fake.WarningsOf;
import io.mamba.thread.TaskThread;
import jakarta.resource.spi.work.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeServer server = new FakeServer();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void shutDown() throws InterruptedException {
        server.shutDown();
    }

    private WorkThreads threads(Duration patience) {
        return new WorkThreads(server, patience, released::countDown);
    }

    private void noteThread() {
        ran.add(Thread.currentThread().getName());
    }

    @Test
    void aTaskRunsInAThreadOfTheServerThatIsToldItLasts() {
        CountDownLatch end = new CountDownLatch(1);
        TaskThread thread = threads(LONG).forTask(() -> {
            noteThread();
            awaitQuietly(end);
        });

        thread.start();

        assertThat(server.lastingWorks()).hasSize(1);
        assertThat(thread.isCurrent()).isFalse();
        end.countDown();
        thread.join();
        assertThat(ran).containsExactly("server");
    }

    @Test
    void aParkedTaskIsWoken() {
        CompletableFuture<Boolean> current = new CompletableFuture<>();
        CountDownLatch parking = new CountDownLatch(1);
        TaskThread[] self = new TaskThread[1];
        self[0] = threads(LONG).forTask(() -> {
            parking.countDown();
            LockSupport.park();
            current.complete(self[0].isCurrent());
        });
        self[0].start();
        awaitQuietly(parking);

        self[0].unpark();

        self[0].join();
        assertThat(current).isCompletedWithValue(true);
    }

    @Test
    void aTaskFindsTheClassesOfTheAdapterAndTheServersThreadItsOwnAgain() {
        List<ClassLoader> loaders = new CopyOnWriteArrayList<>();
        TaskThread thread =
                threads(LONG).forTask(() -> loaders.add(Thread.currentThread().getContextClassLoader()));
        thread.start();
        thread.join();

        assertThat(loaders).containsExactly(WorkThreads.class.getClassLoader());
    }

    @Test
    void aTaskThatIsRefusedRunsInAThreadOfMambasOwn() {
        server.refuseWorks(1);
        TaskThread thread = threads(LONG).forTask(this::noteThread);

        try (WarningsOf warnings = new WarningsOf(WorkThreads.class)) {
            thread.start();
            thread.join();

            assertThat(ran).singleElement().asString().startsWith("mamba-");
            assertThat(warnings.texts()).singleElement().asString().contains("lends no thread", "no thread");
        }
    }

    @Test
    void aTaskThatIsNotBegunInTimeRunsInAThreadOfMambasOwnAndNotASecondTime() throws Exception {
        server.holdWorks();
        TaskThread thread = threads(Duration.ofMillis(20)).forTask(this::noteThread);
        try (WarningsOf warnings = new WarningsOf(WorkThreads.class)) {
            thread.start();
            thread.join();

            assertThat(warnings.texts()).singleElement().asString().contains("20 ms");
        }

        server.beginWhatWasHeld();
        server.shutDown();

        assertThat(ran).singleElement().asString().startsWith("mamba-");
    }

    @Test
    void nobodyWaitsForATaskThatWasNotStarted() {
        threads(LONG).forTask(this::noteThread).join();

        assertThat(ran).isEmpty();
    }

    @Test
    void aServerThatWantsItsThreadBackIsHeard() {
        CountDownLatch end = new CountDownLatch(1);
        TaskThread thread = threads(LONG).forTask(() -> awaitQuietly(end));
        thread.start();

        server.lastingWorks().forEach(Work::release);

        assertThat(released.getCount()).isZero();
        end.countDown();
        thread.join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
