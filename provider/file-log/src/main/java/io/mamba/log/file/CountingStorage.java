package io.mamba.log.file;

import io.mamba.log.LogStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what another storage is asked for. */
final class CountingStorage extends ForwardingStorage {
    private final AtomicLong forces = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();

    CountingStorage(Storage storage) {
        super(storage);
    }

    LogStatistics statistics() {
        return new LogStatistics(forces.get(), bytesWritten.get(), 0);
    }

    @Override
    public void force() throws IOException {
        forces.incrementAndGet();
        super.force();
    }

    @Override
    StorageFile seen(String name, StorageFile file) {
        return new ForwardingFile(file) {
            @Override
            public void write(ByteBuffer from, long offset) throws IOException {
                bytesWritten.addAndGet(from.remaining());
                super.write(from, offset);
            }

            @Override
            public void force(boolean metadata) throws IOException {
                forces.incrementAndGet();
                super.force(metadata);
            }
        };
    }
}
