package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduledTimersTest {
    private final ScheduledTimers timers = new ScheduledTimers(Clock.systemUTC(), Threads.of(Thread::new));
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Test
    void runsWhatStillWaitsForAThreadWhenItCloses() throws Exception {
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        for (int thread = 0; thread < 2; thread++) {
            timers.execute(() -> {
                busy.countDown();
                await(release);
            });
        }
        assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
        timers.execute(() -> ran.add("waiting"));

        CompletableFuture<Void> closing = CompletableFuture.runAsync(timers::close);
        release.countDown();

        assertThat(closing).succeedsWithin(Duration.ofSeconds(20));
        assertThat(ran).containsExactly("waiting");
    }

    @Test
    void drainsAnInboxAlthoughAllElseWaitsForIt() {
        CountDownLatch drained = new CountDownLatch(1);
        CountDownLatch went = new CountDownLatch(4);
        for (int waiting = 0; waiting < 4; waiting++) {
            timers.execute(() -> {
                await(drained);
                went.countDown();
            });
        }
        timers.drain(drained::countDown);

        await(went);
        timers.close();
        timers.drain(() -> ran.add("late"));
        assertThat(ran).containsExactly("late");
    }

    @Test
    void runsInTheCallerWhatComesAfterItIsClosed() {
        timers.close();

        timers.execute(() -> ran.add("late"));

        assertThat(ran).containsExactly("late");
    }

    @Test
    void dropsWhatWaitsForItsTimeWhenItCloses() {
        timers.after(Duration.ofHours(1), () -> ran.add("in an hour"));

        timers.close();
        timers.after(Duration.ZERO, () -> ran.add("after closing"));

        assertThat(ran).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
