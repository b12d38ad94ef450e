package io.mamba.log.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checkpoint files of a directory: the newest and the one before. */
final class Checkpoints {
    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
    private static final String TEMPORARY = "checkpoint.tmp";

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
            if (checkpoint != null) {
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

    /** Writes it durably, then deletes all but it and the one before. */
    void write(Checkpoint checkpoint) throws IOException {
        try (StorageFile file = storage.create(TEMPORARY)) {
            file.write(checkpoint.encode(), 0);
            file.force(true);
        }
        storage.rename(TEMPORARY, Checkpoint.fileName(checkpoint.number()));
        storage.force();
        List<String> older = storage.list().stream()
                .filter(Checkpoint::isCheckpoint)
                .filter(file -> Checkpoint.numberOf(file) < checkpoint.number() - 1)
                .toList();
        for (String file : older) {
            storage.delete(file);
        }
    }
}
