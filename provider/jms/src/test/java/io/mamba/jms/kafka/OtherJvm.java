package io.mamba.jms.kafka;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own with a {@link Station}, which does what it is asked. It ends by {@link #kill}, by {@link #close}, or
 * when this process does. Thread-safe.
 */
final class OtherJvm implements AutoCloseable {
    private record Question(long number, Station.@Nullable Task<?> task) implements Serializable {}

    private record Answer(
            long number, @Nullable Object value, @Nullable Throwable failure) implements Serializable {}

    private final Process process;
    private final ObjectOutputStream questions;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<@Nullable Object>> asked = new ConcurrentHashMap<>();

    private OtherJvm(Process process) throws IOException {
        this.process = process;
        this.questions = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()));
        questions.flush();
        Thread reader = new Thread(this::hear, "answers-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns at once; the first question waits until the node is open. */
    static OtherJvm start(String url) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return new OtherJvm(builder.start());
    }

    /** Has the process do it and returns what comes of it. */
    <T> T call(Station.Task<T> task) {
        return begin(task).orTimeout(2, TimeUnit.MINUTES).join();
    }

    void run(Work work) {
        call(station -> {
            work.run(station);
            return true;
        });
    }

    /** As {@link Station#receive}. */
    List<String> receive(String consumer, int count) {
        return this.<List<String>>call(station -> station.receive(consumer, count));
    }

    interface Work extends Serializable {
        void run(Station station) throws Exception;
    }

    /** As {@link #call}, while this process goes on; the answer fails if the process ends first. */
    @SuppressWarnings("unchecked") // the other process has run the task that says so
    <T> CompletableFuture<T> begin(Station.Task<T> task) {
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        long number = numbers.incrementAndGet();
        asked.put(number, answer);
        ask(new Question(number, task));
        return answer.thenApply(value -> (T) value);
    }

    private void ask(Question question) {
        synchronized (questions) {
            try {
                questions.writeObject(question);
                questions.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("process " + process.pid() + " takes no question", e);
            }
        }
    }

    private void hear() {
        try (ObjectInputStream answers = new ObjectInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (true) {
                Answer answer = (Answer) answers.readObject();
                CompletableFuture<@Nullable Object> waiting = asked.remove(answer.number());
                if (waiting != null && answer.failure() != null) {
                    waiting.completeExceptionally(answer.failure());
                } else if (waiting != null) {
                    waiting.complete(answer.value());
                }
            }
        } catch (IOException | ClassNotFoundException ended) {
            asked.values().forEach(waiting -> waiting.completeExceptionally(ended));
        }
    }

    /** As by kill -9; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As by kill -STOP: it stands still until {@link #resume} or {@link #kill}. */
    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("cannot send " + name + " to process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to process " + process.pid(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while sending " + name, e);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("process " + process.pid() + " did not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while process " + process.pid() + " ends", e);
        }
    }

    /** Closes what it has open, in order, and ends it. */
    @Override
    public void close() {
        if (process.isAlive()) {
            ask(new Question(0, null));
            awaitEnd();
        }
    }

    // ---- in the other process -------------------------------------------------------------------------------------

    /** @param arguments the URL of the node */
    public static void main(String[] arguments) throws Exception {
        ObjectOutputStream answers = new ObjectOutputStream(new BufferedOutputStream(System.out));
        answers.flush();
        System.setOut(new PrintStream(System.err, true));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ObjectInputStream questions = new ObjectInputStream(System.in);
                Station station = new Station(arguments[0])) {
            for (Question next = (Question) questions.readObject();
                    next.task() != null;
                    next = (Question) questions.readObject()) {
                long number = next.number();
                Station.Task<?> task = next.task();
                threads.execute(() -> answer(answers, number, task, station));
            }
        } catch (EOFException starterIsGone) {
            Runtime.getRuntime().halt(1);
        }
        System.exit(0);
    }

    private static void answer(ObjectOutputStream answers, long number, Station.Task<?> task, Station station) {
        Answer answer;
        try {
            answer = new Answer(number, task.run(station), null);
        } catch (Exception | Error failure) {
            answer = new Answer(number, null, failure);
        }
        synchronized (answers) {
            try {
                answers.writeObject(answer);
                answers.flush();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }
    }
}
