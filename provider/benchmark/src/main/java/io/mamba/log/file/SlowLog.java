package io.mamba.log.file;

import io.mamba.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A log on a disk of which each force takes longer than it does. Here because what a log is put on is nobody's business outside. */
public final class SlowLog {
    private SlowLog() {}

    public static Log open(Path directory, Set<String> keyedTopics, Duration more) throws IOException {
        return FileLog.open(
                new SlowStorage(new DirectoryStorage(directory), more.toNanos()),
                keyedTopics,
                FileLogOptions.defaults(),
                () -> {});
    }

    private record SlowStorage(Storage storage, long nanos) implements Storage {
        @Override
        public String name() {
            return storage.name();
        }

        @Override
        public List<String> list() throws IOException {
            return storage.list();
        }

        @Override
        public StorageFile open(String file) throws IOException {
            return new SlowFile(storage.open(file), nanos);
        }

        @Override
        public StorageFile create(String file) throws IOException {
            return new SlowFile(storage.create(file), nanos);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            storage.rename(from, to);
        }

        @Override
        public void delete(String file) throws IOException {
            storage.delete(file);
        }

        @Override
        public void force() throws IOException {
            storage.force();
        }

        @Override
        public long free() throws IOException {
            return storage.free();
        }
    }

    private record SlowFile(StorageFile file, long nanos) implements StorageFile {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            file.write(from, offset);
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            return file.read(into, offset);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.force(metadata);
            long until = System.nanoTime() + nanos;
            for (long rest = nanos; rest > 0; rest = until - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
