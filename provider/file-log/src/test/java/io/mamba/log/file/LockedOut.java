package io.mamba.log.file;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Opens a journal in another class loader or process than the test's. */
public final class LockedOut {
    private LockedOut() {}

    /** Fails with the error's code as its message, since the other loader's classes are not the test's. */
    public static void open(String directory) {
        try {
            openFor(directory).close();
        } catch (MambaException e) {
            throw new IllegalStateException(e.code().name());
        }
    }

    private static FileLog openFor(String directory) {
        return FileLog.open(
                Path.of(directory),
                Journals.KEYED,
                FileLogOptions.defaults()
                        .withSegmentBytes(Journals.SEGMENT)
                        .withApplication("other process")
                        .withLockWait(Duration.ZERO));
    }

    /** Arguments: directory; "hold" stays until it is killed, anything else closes at once. */
    public static void main(String[] arguments) throws IOException {
        try {
            FileLog log = openFor(arguments[0]);
            log.appendAndWait(Journals.batch(Journals.record(Journals.ORDERS, "held")), Durability.WRITTEN);
            System.out.println("open");
            if (arguments[1].equals("hold")) {
                System.in.read();
            }
            log.close();
        } catch (MambaException e) {
            System.out.println(e.code() + " " + e.getMessage());
        }
    }
}
