package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in the order given, without a thread of its own: a caller that finds it idle runs its task
 * and some of those that came meanwhile; others leave theirs to whoever is running. So an uncontended command costs no hand-over.
 * What a task touches is owned by the thread that runs the inbox at that moment. Tasks must be short and never block.
 */
final class Inbox {
    /** After so many tasks the rest goes to another thread: whoever came by has work of its own. */
    private static final int MOST_IN_A_ROW = 64;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Executor others;
    private final Consumer<Throwable> onDefect;
    private volatile @Nullable Thread runner;

    /**
     * @param others runs what a caller should not be kept with
     * @param onDefect told of what a task of {@link #execute} threw: always a defect
     */
    Inbox(Executor others, Consumer<Throwable> onDefect) {
        this.others = others;
        this.onDefect = onDefect;
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            drain();
        }
    }

    /** As {@link #execute}, but never run by the caller: it takes long, and the caller serves others. */
    void executeElsewhere(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            others.execute(this::drain);
        }
    }

    /** Runs it in its turn and waits for the result; an interrupt does not disturb it. Not from within a task. */
    <T> T ask(Supplier<T> question) {
        if (pending.compareAndSet(0, 1)) {
            runner = Thread.currentThread();
            try {
                return question.get();
            } finally {
                if (pending.decrementAndGet() == 0) {
                    runner = null;
                } else {
                    drain();
                }
            }
        }
        if (runner == Thread.currentThread()) {
            throw new MambaException(ErrorCode.INTERNAL, "An inbox task asked its own inbox.");
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error refused) {
                answer.completeExceptionally(refused);
            }
        });
        return Futures.await(answer);
    }

    private void drain() {
        runner = Thread.currentThread();
        for (int done = 0; done < MOST_IN_A_ROW; done++) {
            Runnable task = tasks.poll();
            if (task == null) {
                throw new IllegalStateException("an inbox lost a task");
            }
            try {
                task.run();
            } catch (RuntimeException | Error defect) {
                onDefect.accept(defect);
            }
            if (pending.decrementAndGet() == 0) {
                runner = null;
                return;
            }
        }
        runner = null;
        others.execute(this::drain);
    }
}
