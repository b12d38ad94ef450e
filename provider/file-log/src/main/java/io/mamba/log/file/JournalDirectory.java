package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes sure that a path is the place of a journal, or can become one. */
final class JournalDirectory {
    private JournalDirectory() {}

    /** Creates the directory if its parent exists; refuses what is something else. */
    static void prepare(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            create(directory);
            return;
        }
        List<String> names = new DirectoryStorage(directory).list();
        if (names.stream().anyMatch(JournalDirectory::isOwn)) {
            return;
        }
        List<String> foreign =
                names.stream().filter(name -> !isHarmless(name)).limit(3).toList();
        if (!foreign.isEmpty()) {
            throw new MambaException(
                    ErrorCode.UNAVAILABLE,
                    "Expected " + directory + " to be empty or a journal, but it has " + String.join(", ", foreign)
                            + ": is the path right? Name a directory that has nothing else in it, or a new one");
        }
    }

    private static void create(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (Files.exists(directory) || parent == null || !Files.isDirectory(parent)) {
            throw new MambaException(
                    ErrorCode.UNAVAILABLE,
                    "Expected " + directory + " to be a directory or a new name in one, but "
                            + (Files.exists(directory) ? "it is a file" : parent + " is not a directory"));
        }
        Files.createDirectory(directory);
        new DirectoryStorage(parent).force();
    }

    private static boolean isOwn(String name) {
        return Epochs.FILE.equals(name)
                || DirectoryLock.LOCK.equals(name)
                || Segment.isSegment(name)
                || Checkpoint.isCheckpoint(name);
    }

    /** What a fresh volume or a file browser may have put there. */
    private static boolean isHarmless(String name) {
        return name.startsWith(".") || name.equals("lost+found");
    }
}
