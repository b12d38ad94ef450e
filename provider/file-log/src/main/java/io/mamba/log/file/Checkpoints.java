package io.mamba.log.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint files of a directory: the newest, the one before, and one without use that the next is written into,
 * so that a full disk, to which only a checkpoint gives space back, has room for it.
 */
final class Checkpoints {
    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
    private static final String TEMPORARY = "checkpoint.tmp";
    private static final int SMALLEST = 64 << 10;

    private final Storage storage;

    Checkpoints(Storage storage) {
        this.storage = storage;
    }

    /**
     * @param checkpoint the newest whole one
     * @param skipped whether a newer one is damaged
     */
    record Newest(@Nullable Checkpoint checkpoint, boolean skipped) {}

    Newest newest() throws IOException {
        List<String> files = storage.list().stream()
                .filter(Checkpoint::isCheckpoint)
                .sorted(Comparator.<String>comparingLong(Checkpoint::numberOf).reversed())
                .toList();
        boolean skipped = false;
        for (String file : files) {
            Checkpoint checkpoint = read(file);
            if (checkpoint != null && checkpoint.number() == Checkpoint.numberOf(file)) {
                return new Newest(checkpoint, skipped);
            }
            skipped = true;
            LOG.log(Level.WARNING, "{0}/{1} is damaged, going back to the one before", storage.name(), file);
        }
        return new Newest(null, skipped);
    }

    private @Nullable Checkpoint read(String name) throws IOException {
        try (StorageFile file = storage.open(name)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(bytes, 0);
            return Checkpoint.decode(bytes.flip());
        }
    }

    /** Writes it durably; of all others only the one before keeps its name. */
    void write(Checkpoint checkpoint) throws IOException {
        ByteBuffer bytes = checkpoint.encode();
        makeRoom(bytes.remaining());
        try (StorageFile file = storage.open(TEMPORARY)) {
            file.write(bytes, 0);
            file.force(true);
        }
        storage.rename(TEMPORARY, Checkpoint.fileName(checkpoint.number()));
        storage.force();
        List<String> older = storage.list().stream()
                .filter(Checkpoint::isCheckpoint)
                .filter(file -> Checkpoint.numberOf(file) < checkpoint.number() - 1)
                .toList();
        for (String file : older) {
            storage.rename(file, TEMPORARY);
        }
        prepare();
    }

    /** Sees to it that the next one has a file, if there is room for one now. */
    void prepare() {
        try {
            makeRoom(0);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "There is no room ahead for the next checkpoint in " + storage.name(), e);
        }
    }

    private void makeRoom(int needed) throws IOException {
        boolean there = storage.list().contains(TEMPORARY);
        try (StorageFile file = there ? storage.open(TEMPORARY) : storage.create(TEMPORARY)) {
            long size = file.size();
            if (size >= Math.max(needed, SMALLEST)) {
                return;
            }
            // With room to grow, so that it rarely has to.
            long enough = Math.max(SMALLEST, 2L * needed);
            file.write(ByteBuffer.allocate(Math.toIntExact(enough - size)), size);
            file.force(true);
        }
    }
}
