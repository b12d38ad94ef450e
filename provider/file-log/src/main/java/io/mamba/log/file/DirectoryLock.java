package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One directory, one opener. Other processes are kept out by a file lock; other class loaders of this process by an
 * entry in the system properties, looked at first, because closing a second descriptor of the lock file would drop the
 * process's lock.
 */
final class DirectoryLock implements Closeable {
    static final String LOCK = "journal.lock";
    private static final String HOLDER = "journal.holder";
    private static final String PROPERTY = "io.mamba.log.file.open:";
    private static final long RETRY_NANOS = 50_000_000;

    /** The time that passes while another has the directory. */
    interface Time {
        /** As {@link System#nanoTime}. */
        long nanos();

        void pause(long nanos);
    }

    static final Time REAL = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) {
            LockSupport.parkNanos(nanos);
        }
    };

    private final String property;
    private final AsynchronousFileChannel channel;
    private final FileLock lock;

    private DirectoryLock(String property, AsynchronousFileChannel channel, FileLock lock) {
        this.property = property;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Not for those who are interrupted to wait for: they are refused at once, and stay interrupted.
     *
     * @throws MambaException LOG_IN_USE, naming the holder, if it is not free within the time
     */
    static DirectoryLock acquire(Path directory, String application, Duration wait, Time time) throws IOException {
        Path canonical = directory.toRealPath();
        String property = PROPERTY + canonical;
        String self = "process " + ProcessHandle.current().pid() + ", application '" + application + "', since "
                + Instant.now();
        long deadline = time.nanos() + wait.toNanos();
        while (true) {
            String holder = System.getProperties().putIfAbsent(property, self) instanceof String other ? other : null;
            if (holder == null) {
                DirectoryLock acquired = tryFile(canonical, property, self);
                if (acquired != null) {
                    return acquired;
                }
                holder = readHolder(canonical);
            }
            if (time.nanos() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                throw new MambaException(
                        ErrorCode.LOG_IN_USE,
                        "The journal in " + canonical + " is in use by " + holder
                                + ": stop that, use a directory of its own for each, or share one node");
            }
            time.pause(RETRY_NANOS);
        }
    }

    private static @Nullable DirectoryLock tryFile(Path directory, String property, String self) throws IOException {
        AsynchronousFileChannel channel = null;
        boolean locked = false;
        try {
            channel = DirectoryStorage.channel(
                    directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock != null) {
                writeHolder(directory, self);
                locked = true;
                return new DirectoryLock(property, channel, lock);
            }
            return null;
        } finally {
            if (!locked) {
                if (channel != null) {
                    channel.close();
                }
                System.getProperties().remove(property, self);
            }
        }
    }

    private static @Nullable FileLock tryLock(AsynchronousFileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Someone of this process locked the file without telling; to us it is the same as another process.
            return null;
        }
    }

    private static void writeHolder(Path directory, String self) throws IOException {
        try (StorageFile file = new DirectoryStorage(directory).create(HOLDER)) {
            file.write(ByteBuffer.wrap(self.getBytes(UTF_8)), 0);
        }
    }

    private static String readHolder(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(HOLDER))) {
            return "another process";
        }
        try (StorageFile file = new DirectoryStorage(directory).open(HOLDER)) {
            ByteBuffer content = ByteBuffer.allocate(4096);
            int length = file.read(content, 0);
            return new String(content.array(), 0, length, UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
        } finally {
            channel.close();
            System.getProperties().remove(property);
        }
    }
}
