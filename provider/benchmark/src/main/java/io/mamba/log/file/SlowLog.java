package io.mamba.log.file;

import io.mamba.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    private static final class SlowStorage extends ForwardingStorage {
        private final long nanos;

        SlowStorage(Storage storage, long nanos) {
            super(storage);
            this.nanos = nanos;
        }

        @Override
        StorageFile seen(String name, StorageFile file) {
            return new ForwardingFile(file) {
                @Override
                public void force(boolean metadata) throws IOException {
                    super.force(metadata);
                    long until = System.nanoTime() + nanos;
                    for (long rest = nanos; rest > 0; rest = until - System.nanoTime()) {
                        LockSupport.parkNanos(rest);
                    }
                }
            };
        }
    }
}
