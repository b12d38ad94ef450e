package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The file that says which format the directory has and how often it was opened. */
final class Epochs {
    static final String FILE = "journal.meta";
    static final int FORMAT = 1;
    private static final String TEMPORARY = "journal.meta.tmp";

    private Epochs() {}

    /** Counts this opening, durably, and gives its number. */
    static int raise(Storage storage) throws IOException {
        List<String> files = storage.list();
        int epoch = 1;
        if (files.contains(FILE)) {
            epoch = Math.addExact(read(storage), 1);
        } else if (files.stream().anyMatch(file -> Segment.isSegment(file) || Checkpoint.isCheckpoint(file))) {
            throw damaged(storage, "it is missing although there are segments");
        }
        String text = "format=" + FORMAT + "\nepoch=" + epoch + "\n";
        byte[] bytes = (text + "check=" + check(text) + "\n").getBytes(UTF_8);
        try (StorageFile file = storage.create(TEMPORARY)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.force(true);
        }
        storage.rename(TEMPORARY, FILE);
        storage.force();
        return epoch;
    }

    private static int read(Storage storage) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(1024);
        try (StorageFile file = storage.open(FILE)) {
            file.read(content, 0);
        }
        String text = new String(content.array(), 0, content.position(), UTF_8);
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        try {
            int format = Integer.parseInt(values.getOrDefault("format", ""));
            if (format > FORMAT) {
                throw new MambaException(
                        ErrorCode.NOT_SUPPORTED,
                        "The journal in " + storage.name() + " has format " + format + ", this version knows up to "
                                + FORMAT + ": open it with the newer Mamba that wrote it");
            }
            int epoch = Integer.parseInt(values.getOrDefault("epoch", ""));
            if (!check("format=" + format + "\nepoch=" + epoch + "\n").equals(values.get("check"))) {
                throw damaged(storage, "its checksum does not match");
            }
            return epoch;
        } catch (NumberFormatException e) {
            MambaException damaged = damaged(storage, "it is not readable");
            damaged.addSuppressed(e);
            throw damaged;
        }
    }

    private static String check(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return Integer.toHexString(Frame.crc(bytes, 0, bytes.length));
    }

    private static MambaException damaged(Storage storage, String what) {
        return new MambaException(
                ErrorCode.CORRUPT,
                "The journal is damaged in " + storage.name() + "/" + FILE + " at offset 0: " + what
                        + "; restore the directory from a copy");
    }
}
