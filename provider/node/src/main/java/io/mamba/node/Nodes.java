package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.access.UsersFile;
import io.mamba.log.Log;
import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import io.mamba.log.kafka.KafkaLog;
import io.mamba.log.kafka.KafkaLogOptions;
import io.mamba.thread.OwnThreads;
import io.mamba.thread.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes open in this class loader: one per log, shared by all who use its URL, opened with the first and closed with
 * the last. Thread-safe.
 */
public final class Nodes {
    /** A user's share in a node. */
    public static final class Lease implements AutoCloseable {
        private final @Nullable Shared shared;
        private final Node node;
        private boolean closed;

        private Lease(Shared shared) {
            this.shared = shared;
            this.node = shared.node;
        }

        private Lease(Node node) {
            this.shared = null;
            this.node = node;
        }

        /** A share in a node that its caller has opened, and closes. */
        public static Lease of(Node node) {
            return new Lease(node);
        }

        /** One more share in the same log, which is opened again if nobody had it open any more. */
        public Lease again() {
            if (shared == null) {
                return of(node);
            }
            synchronized (OPEN) {
                if (!shared.ended) {
                    shared.users++;
                    return new Lease(shared);
                }
            }
            return lease(node.url(), shared.threads);
        }

        public Node node() {
            return node;
        }

        /** Who may use the node, or null where no users are configured. */
        public @Nullable UsersFile users() {
            return shared == null ? null : shared.usersFile;
        }

        @Override
        public void close() {
            synchronized (OPEN) {
                if (!closed && shared != null) {
                    closed = true;
                    give(shared);
                }
            }
        }
    }

    private static final class Shared {
        final String place;
        final Node node;
        final NodeStatus status;
        final @Nullable UsersFile usersFile;
        final Threads threads;
        int users;
        boolean ended;

        Shared(String place, Node node, @Nullable UsersFile usersFile, Threads threads) {
            this.place = place;
            this.usersFile = usersFile;
            this.threads = threads;
            this.node = node;
            this.status = NodeStatus.register(node, place);
            node.onFailure(failure -> threads.forTask(this::end).start());
        }

        /** Lets go of the log: with the last user, or once the node has failed, so that the log can be opened again. */
        void end() {
            synchronized (OPEN) {
                if (!ended) {
                    ended = true;
                    OPEN.remove(place);
                    status.unregister();
                    node.close();
                }
            }
        }
    }

    private static final Set<String> KEYED = Set.of(StateRecords.STATE.topic(), StateRecords.BRANCHES.topic());
    private static final Map<String, Shared> OPEN = new HashMap<>();

    private Nodes() {}

    /** As {@link #lease(MambaUrl, Threads)}, in threads of Mamba's own. */
    public static Lease lease(MambaUrl url) {
        return lease(url, Threads.own());
    }

    /**
     * @param threads in which the node does its own work, if this opens it
     * @throws MambaException LOG_IN_USE, CORRUPT, NOT_SUPPORTED, INVALID_ARGUMENT, UNAVAILABLE, SECURITY
     */
    public static Lease lease(MambaUrl url, Threads threads) {
        return url.engine().equals(MambaUrl.KAFKA)
                ? lease(url, cluster(url), () -> kafkaLog(url), threads)
                : lease(url, directory -> fileLog(directory, threads), threads);
    }

    /** @param engine opens the log of a directory that is not open yet */
    static Lease leaseOver(MambaUrl url, Function<Path, Log> engine) {
        return lease(url, engine, Threads.own());
    }

    private static Lease lease(MambaUrl url, Function<Path, Log> engine, Threads threads) {
        if (url.option("prefix").isPresent()) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED,
                    "'prefix' has no meaning for the embedded engine, which has a directory; leave it out of " + url
                            + ".");
        }
        Path directory = directory(url);
        return lease(url, directory.toString(), () -> engine.apply(directory), threads);
    }

    private static Lease lease(MambaUrl url, String place, Supplier<Log> engine, Threads threads) {
        synchronized (OPEN) {
            Shared shared = OPEN.get(place);
            if (shared != null && shared.node.hasFailed()) {
                shared.end(); // About to, in another thread: whoever comes now gets one that works.
                shared = null;
            }
            UsersFile users = url.option("users")
                    .map(file -> new UsersFile(Path.of(file)))
                    .orElse(null);
            if (shared == null) {
                shared = new Shared(place, open(url, engine.get(), threads), users, threads);
                OPEN.put(shared.place, shared);
            } else {
                checkSameClients(shared, url);
                if (users != null) {
                    checkSameUsers(shared, users.path());
                }
            }
            shared.users++;
            return new Lease(shared);
        }
    }

    /** A second node of one name would be taken for the first after a restart. */
    private static void checkSameClients(Shared shared, MambaUrl url) {
        if (!shared.node.url().kafkaProperties().equals(url.kafkaProperties())) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The log " + shared.place
                            + " is open in this process with other options kafka.<property> than those of " + url
                            + ": give the same in every URL, or another name in 'node'.");
        }
    }

    /** A URL without users gets those of the node; one with others would let in whom the first keeps out. */
    private static void checkSameUsers(Shared shared, Path wanted) {
        Path held = shared.usersFile == null ? null : shared.usersFile.path();
        if (!Objects.equals(held, wanted)) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The log " + shared.place + " is open in this process with "
                            + (held == null ? "no users" : "the users of " + held) + ", not those of " + wanted
                            + ": give the same 'users' in every URL.");
        }
    }

    private static void give(Shared shared) {
        if (--shared.users == 0) {
            shared.end();
        }
    }

    private static Log fileLog(Path directory, Threads threads) {
        return FileLog.open(
                directory, KEYED, FileLogOptions.defaults().withThreads(threads).withApplication(application()));
    }

    /** One node of each name: two of one process are as good as two processes. */
    private static String cluster(MambaUrl url) {
        return "kafka://" + url.place() + "?node=" + url.option("node").orElse("")
                + url.option("prefix").map(prefix -> "&prefix=" + prefix).orElse("");
    }

    private static Log kafkaLog(MambaUrl url) {
        KafkaLogOptions options = KafkaLogOptions.of(
                        url.place(), url.option("node").orElse(""))
                .withPrefix(url.option("prefix").orElse(""))
                .withProperties(url.kafkaProperties())
                .withThreads(OwnThreads::thread);
        return KafkaLog.open(options, KEYED);
    }

    private static Node open(MambaUrl url, Log log, Threads threads) {
        return Node.open(url, log, Clock.systemUTC(), threads);
    }

    /** What others are told who find the log in use: the program's main class or archive. */
    private static String application() {
        String command = System.getProperty("sun.java.command", "");
        String program = command.split(" ", 2)[0];
        return program.isEmpty() ? "a Java program" : program;
    }

    private static Path directory(MambaUrl url) {
        Path directory = Path.of(url.place()).toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            return directory.toRealPath();
        } catch (IOException refused) {
            throw new MambaException(
                    ErrorCode.UNAVAILABLE,
                    "The directory " + directory + " cannot be created or read: " + refused
                            + ". Name one that this process may write, in the URL mamba:file:<directory>.",
                    refused);
        }
    }
}
