package io.mamba.log.file;

import static io.mamba.log.file.Journals.KEYED;
import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.codeOf;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mamba.ErrorCode;
import io.mamba.log.Durability;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    private static final FileLogOptions OPTIONS = FileLogOptions.defaults()
            .withSegmentBytes(Journals.SEGMENT)
            .withApplication("first shop")
            .withLockWait(Duration.ZERO);

    @TempDir
    private Path directory;

    private FileLog openHere() {
        return FileLog.open(directory, KEYED, OPTIONS);
    }

    @Test
    void aSecondOpenerIsToldWhoHasIt() {
        FileLog first = openHere();

        assertTold(() -> FileLog.open(directory, KEYED, OPTIONS.withApplication("second shop")));
        first.close();
        openHere().close();
    }

    private static void assertTold(ThrowingCallable secondOpener) {
        assertThatThrownBy(secondOpener)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_IN_USE))
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("'first shop'")
                .hasMessageMatching(".* since \\d{4}-\\d\\d-\\d\\dT.*")
                .hasMessageContaining("use a directory of its own");
    }

    /** A test of the test above. */
    @Test
    void anOpenerThatDoesNotCheckTheLockIsNoticed() {
        try (FileLog first = openHere()) {
            first.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            ThrowingCallable careless = () -> FileLog.open(new DirectoryStorage(directory), KEYED, OPTIONS, () -> {})
                    .close();

            assertThatThrownBy(() -> assertTold(careless)).isInstanceOf(AssertionError.class);
        }
    }

    /** Passes as fast as it is asked for. */
    private static final class ManualTime implements DirectoryLock.Time {
        private long now = Long.MAX_VALUE - 1000; // It may overflow, as the real one.
        private long waited;
        private Runnable whenPassed = () -> {};
        private Duration at = Duration.ofDays(1);

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            now += nanos;
            waited += nanos;
            if (waited >= at.toNanos()) {
                whenPassed.run();
                at = Duration.ofDays(1);
            }
        }
    }

    @Test
    void aRedeploymentHas30SecondsToLetGo() throws Exception {
        assertThat(FileLogOptions.defaults().lockWait()).isEqualTo(Duration.ofSeconds(30));
        FileLog first = openHere();
        ManualTime time = new ManualTime();
        time.at = Duration.ofSeconds(29);
        time.whenPassed = first::close;

        DirectoryLock second = DirectoryLock.acquire(directory, "second", Duration.ofSeconds(30), time);

        assertThat(Duration.ofNanos(time.waited)).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30));
        second.close();
    }

    @Test
    void whoDoesNotLetGoWithinTheTimeKeepsIt() {
        FileLog first = openHere();
        ManualTime time = new ManualTime();

        assertThatThrownBy(() -> DirectoryLock.acquire(directory, "second", Duration.ofSeconds(30), time))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_IN_USE));

        assertThat(Duration.ofNanos(time.waited)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        first.close();
    }

    @Test
    void whoIsInterruptedDoesNotWait() {
        FileLog first = openHere();
        ManualTime time = new ManualTime();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> DirectoryLock.acquire(directory, "second", Duration.ofSeconds(30), time))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_IN_USE));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(time.waited).isZero();
        first.close();
    }

    @Test
    void theSameDirectoryUnderAnotherNameIsTheSame() throws Exception {
        FileLog first = openHere();
        Path link = Files.createSymbolicLink(directory.resolveSibling(directory.getFileName() + "-link"), directory);

        assertThatThrownBy(() -> FileLog.open(link, KEYED, OPTIONS))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_IN_USE));
        first.close();
        Files.delete(link);
    }

    @Test
    void anotherClassLoaderIsKeptOutAndTheFirstStaysLocked() throws Exception {
        FileLog first = openHere();
        try (URLClassLoader other = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> opener = other.loadClass(LockedOut.class.getName());

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> opener.getMethod("open", String.class).invoke(null, directory.toString()))
                        .isInstanceOf(InvocationTargetException.class)
                        .hasRootCauseMessage("LOG_IN_USE");
            }
        }

        assertThat(openElsewhere()).startsWith("LOG_IN_USE").contains("'first shop'");
        first.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
        first.close();
    }

    @Test
    void anotherProcessIsKeptOutUntilTheHolderIsGone() throws Exception {
        Process holder = holdElsewhere();

        assertThatThrownBy(this::openHere)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_IN_USE))
                .hasMessageContaining("process " + holder.pid())
                .hasMessageContaining("'other process'");

        holder.destroyForcibly().waitFor();
        try (FileLog log = openHere()) {
            assertThat(values(log, ORDERS)).containsExactly("held");
        }
    }

    @Test
    void whoWaitsGetsItWhenTheHolderLetsGo() throws Exception {
        FileLog first = openHere();
        List<FileLog> opened = new ArrayList<>();
        Thread second = new Thread(
                () -> opened.add(FileLog.open(directory, KEYED, OPTIONS.withLockWait(Duration.ofMinutes(1)))));
        second.start();
        Journals.until("the second waits", () -> second.getState() == Thread.State.TIMED_WAITING);

        first.close();

        second.join();
        assertThat(opened).hasSize(1);
        opened.get(0).close();
    }

    @Test
    void aCopiedDirectoryIsAnother() throws Exception {
        FileLog first = openHere();
        first.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
        Path whileOpen = copy("while-open");

        try (FileLog second = FileLog.open(whileOpen, KEYED, OPTIONS)) {
            assertThat(values(second, ORDERS)).containsExactly("a");
        }
        first.appendAndWait(batch(record(ORDERS, "b")), Durability.DURABLE);
        first.close();
        Path closed = copy("closed");
        first = openHere();
        try (FileLog second = FileLog.open(closed, KEYED, OPTIONS)) {
            second.appendAndWait(batch(record(ORDERS, "c")), Durability.DURABLE);
            assertThat(values(second, ORDERS)).containsExactly("a", "b", "c");
        }
        assertThat(values(first, ORDERS)).containsExactly("a", "b");
        first.close();
    }

    private Path copy(String name) throws Exception {
        Path copy = Files.createDirectory(directory.resolve(name));
        try (Stream<Path> files = Files.list(directory)) {
            // What is being filled ahead by another thread is renamed when it is full, and needed by nobody.
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".tmp"))
                    .toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws Exception {
        Files.writeString(directory.resolve("diary.txt"), "x");

        assertThatThrownBy(this::openHere)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("diary.txt");
        assertThat(directory).isDirectoryNotContaining(file -> !file.endsWith("diary.txt"));
    }

    @Test
    void aFreshVolumeIsEmptyEnough() throws Exception {
        Files.createDirectory(directory.resolve("lost+found"));
        Files.writeString(directory.resolve(".hidden"), "x");

        openHere().close();
        openHere().close();
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsRefused() throws Exception {
        // An administrator may write anywhere; nobody can write to what is a directory.
        Files.createDirectory(directory.resolve(DirectoryLock.LOCK));

        assertThatThrownBy(this::openHere)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("is it writable");
    }

    @Test
    void aReadOnlyDirectoryIsRefused() {
        assumeTrue(directory.toFile().setWritable(false) && !Files.isWritable(directory), "everything is writable");

        assertThatThrownBy(this::openHere)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("is it writable");
        assertThat(directory.toFile().setWritable(true)).isTrue();
    }

    @Test
    void aDirectoryOfANewerFormatIsRefused() throws Exception {
        openHere().close();
        Files.writeString(directory.resolve(Epochs.FILE), "format=2\nepoch=1\ncheck=0\n");

        assertThatThrownBy(this::openHere)
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.NOT_SUPPORTED))
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer Mamba");
        Files.writeString(directory.resolve(Epochs.FILE), "format=1\nepoch=1\ncheck=0\n");
        assertThatThrownBy(this::openHere)
                .as("the lock was let go")
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void whatIsNoDirectoryIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path orphan = directory.resolve("not").resolve("there");

        for (Path wrong : List.of(file, orphan)) {
            assertThatThrownBy(() -> FileLog.open(wrong, KEYED, OPTIONS))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining(wrong.toString());
        }
        FileLog.open(directory.resolve("new"), KEYED, OPTIONS).close();
    }

    private static String classPathText() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static URL[] classPath() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPathText().split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private Process start(String mode) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPathText(),
                        LockedOut.class.getName(),
                        directory.toString(),
                        mode)
                .redirectErrorStream(true)
                .start();
    }

    private static String line(Process process) throws Exception {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        return String.valueOf(out.readLine());
    }

    private String openElsewhere() throws Exception {
        Process process = start("open");
        String line = line(process);
        process.waitFor();
        return line;
    }

    private Process holdElsewhere() throws Exception {
        Process process = start("hold");
        assertThat(line(process)).isEqualTo("open");
        return process;
    }
}
