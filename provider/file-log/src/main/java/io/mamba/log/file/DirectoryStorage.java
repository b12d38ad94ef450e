package io.mamba.log.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A directory of the file system. Channels are asynchronous ones whose executor is the calling thread: they do the same
 * system calls as a {@code FileChannel}, but an interrupt does not close them.
 */
final class DirectoryStorage implements Storage {
    private static final ExecutorService CALLER = new CallingThread();

    private final Path directory;

    DirectoryStorage(Path directory) {
        this.directory = directory;
    }

    static AsynchronousFileChannel channel(Path file, StandardOpenOption... options) throws IOException {
        return AsynchronousFileChannel.open(file, Set.of(options), CALLER);
    }

    @Override
    public String name() {
        return directory.toString();
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public StorageFile open(String file) throws IOException {
        return new DirectoryFile(channel(directory.resolve(file), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public StorageFile create(String file) throws IOException {
        return new DirectoryFile(channel(
                directory.resolve(file),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String file) throws IOException {
        Files.deleteIfExists(directory.resolve(file));
    }

    @Override
    public long free() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public void force() throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return; // A directory cannot be opened there; NTFS journals its entries.
        }
        try (AsynchronousFileChannel channel = channel(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record DirectoryFile(AsynchronousFileChannel channel) implements StorageFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            long at = offset;
            while (from.hasRemaining()) {
                at += result(channel.write(from, at));
            }
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int count = result(channel.read(into, offset + total));
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            channel.force(metadata);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        /** The calling thread has done the work already, so this never waits. */
        private static int result(Future<Integer> done) throws IOException {
            try {
                return done.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException unexpected =
                        new InterruptedIOException("interrupted in a call that never waits");
                unexpected.initCause(e);
                throw unexpected;
            }
        }
    }

    private static final class CallingThread extends AbstractExecutorService {
        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
