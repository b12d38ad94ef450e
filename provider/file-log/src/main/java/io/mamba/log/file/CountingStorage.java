package io.mamba.log.file;

import io.mamba.log.LogStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what another storage is asked for. */
final class CountingStorage implements Storage {
    private final Storage storage;
    private final AtomicLong forces = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();

    CountingStorage(Storage storage) {
        this.storage = storage;
    }

    LogStatistics statistics() {
        return new LogStatistics(forces.get(), bytesWritten.get());
    }

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
        return new CountingFile(storage.open(file));
    }

    @Override
    public StorageFile create(String file) throws IOException {
        return new CountingFile(storage.create(file));
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
        forces.incrementAndGet();
        storage.force();
    }

    @Override
    public long free() throws IOException {
        return storage.free();
    }

    private final class CountingFile implements StorageFile {
        private final StorageFile file;

        CountingFile(StorageFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            bytesWritten.addAndGet(from.remaining());
            file.write(from, offset);
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            return file.read(into, offset);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            forces.incrementAndGet();
            file.force(metadata);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
