package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Another storage, for those who watch or slow down a part of it: what they leave alone goes through. */
class ForwardingStorage implements Storage {
    private final Storage storage;

    ForwardingStorage(Storage storage) {
        this.storage = storage;
    }

    /** What an opened or created file is seen as. */
    StorageFile seen(String name, StorageFile file) {
        return file;
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
    public final StorageFile open(String file) throws IOException {
        return seen(file, storage.open(file));
    }

    @Override
    public StorageFile create(String file) throws IOException {
        return seen(file, storage.create(file));
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
    public long free() throws IOException {
        return storage.free();
    }

    @Override
    public void force() throws IOException {
        storage.force();
    }

    /** Another file, likewise. */
    static class ForwardingFile implements StorageFile {
        private final StorageFile file;

        ForwardingFile(StorageFile file) {
            this.file = file;
        }

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
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
