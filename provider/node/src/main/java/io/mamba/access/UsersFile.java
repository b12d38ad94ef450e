package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The users file of a log. Read again when it has changed, looked at once a second at most; a change that cannot be read
 * is reported to the log of the program, and what held before goes on to hold. Thread-safe.
 */
public final class UsersFile {
    private static final System.Logger LOGGER = System.getLogger(UsersFile.class.getName());
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String MAC = "HmacSHA256";

    /** Stands in for an unknown user's, so that a refusal takes as long as for a known one. */
    private static final PasswordHash NOBODY = PasswordHash.of("");

    /** What tells one state of the file from another. */
    private record Stamp(FileTime modified, long size) {}

    /** What was read, at which state of the file. */
    private record Read(Users users, @Nullable Stamp stamp) {}

    /** That a password was right for a hash, known by a key of this process only: hashing each time is slow on purpose. */
    private record Proof(PasswordHash hash, String mac) {}

    private final Path path;
    private final LongSupplier nanoTime;
    private final SecretKeySpec key;
    private final Map<String, Proof> proofs = new ConcurrentHashMap<>();
    private volatile @Nullable Read read;
    private volatile long lookedAt;

    public UsersFile(Path path) {
        this(path, System::nanoTime);
    }

    UsersFile(Path path, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.path = path.toAbsolutePath().normalize();
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, MAC);
    }

    public Path path() {
        return path;
    }

    /** Whether there is at least one user: until then nobody can log in, and anybody may add the first. */
    public boolean hasUsers() {
        return !names().isEmpty();
    }

    /** @throws MambaException SECURITY if the name or the password is wrong, INVALID_ARGUMENT if the file is not there */
    public Access login(@Nullable String user, @Nullable String password) {
        if (user == null || password == null) {
            throw new MambaException(
                    ErrorCode.SECURITY,
                    "This log has users (" + path + "): give a name and a password, to createConnection or as user= and"
                            + " password= in the URL.");
        }
        PasswordHash known = current().hash(user);
        String mac = mac(user, password);
        if (known == null || !new Proof(known, mac).equals(proofs.get(user))) {
            boolean right = (known == null ? NOBODY : known).matches(password);
            if (known == null || !right) {
                throw new MambaException(
                        ErrorCode.SECURITY, "Wrong name or password for user '" + user + "' of " + path + ".");
            }
            proofs.put(user, new Proof(known, mac));
        }
        return new Access(user, this);
    }

    /** The names of all users, sorted. */
    public List<String> names() {
        return Files.exists(path) ? current().names() : List.of();
    }

    public List<Grant> grants() {
        return Files.exists(path) ? current().grants() : List.of();
    }

    /**
     * Adds a user, who is granted nothing yet, or gives one another password. The first user of all is granted everything,
     * or nobody could go on.
     */
    public void put(String user, String password) {
        PasswordHash hash = PasswordHash.of(password);
        change(users -> {
            Users changed = users.with(user, hash);
            boolean first = users.names().isEmpty();
            return first ? changed.with(new Grant(user, EnumSet.allOf(Right.class), Grant.ANY)) : changed;
        });
    }

    /** Removes a user with his grants; who is logged in loses every right. */
    public void remove(String user) {
        change(users -> users.without(user));
        proofs.remove(user);
    }

    /** Instead of what was granted to the user for the same destinations. */
    public void put(Grant grant) {
        change(users -> users.with(grant));
    }

    /** Takes back what was granted to a user for exactly these destinations. */
    public void remove(String user, String destinations) {
        change(users -> users.without(user, destinations));
    }

    Users current() {
        Read last = read;
        if (last == null || nanoTime.getAsLong() - lookedAt > LOOK_AGAIN_NANOS) {
            return look().users();
        }
        return last.users();
    }

    private synchronized Read look() {
        Read last = read;
        Read found;
        try {
            found = load(last);
        } catch (MambaException unreadable) {
            if (last == null) {
                throw unreadable;
            }
            LOGGER.log(System.Logger.Level.ERROR, "What held before goes on to hold: " + unreadable.getMessage());
            found = last;
        }
        read = found;
        lookedAt = nanoTime.getAsLong();
        return found;
    }

    private Read load(@Nullable Read last) {
        try {
            Stamp stamp = new Stamp(Files.getLastModifiedTime(path), Files.size(path));
            if (last != null && stamp.equals(last.stamp())) {
                return last;
            }
            return new Read(Users.parse(Files.readAllLines(path)), stamp);
        } catch (NoSuchFileException absent) {
            throw refused("does not exist; add the first user by MambaAdmin.", absent);
        } catch (IOException unreadable) {
            throw refused("cannot be read: " + unreadable, unreadable);
        } catch (MambaException bad) {
            throw refused("is not right. " + bad.getMessage(), bad);
        }
    }

    private MambaException refused(String what, Exception cause) {
        return new MambaException(ErrorCode.INVALID_ARGUMENT, "The users file " + path + " " + what, cause);
    }

    /** Whole or not at all: written beside, forced, then renamed over the old one. */
    private synchronized void change(UnaryOperator<Users> changing) {
        Users before = Files.exists(path) ? load(null).users() : Users.NONE;
        Users after = changing.apply(before);
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.deleteIfExists(beside);
            write(beside, String.join("\n", after.lines()) + "\n");
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw refused("cannot be written: " + unwritable, unwritable);
        }
        read = load(null);
        lookedAt = nanoTime.getAsLong();
    }

    private void write(Path file, String text) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private String mac(String user, String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new MambaException(ErrorCode.INTERNAL, "This Java has no " + MAC + ": " + missing, missing);
        }
    }
}
