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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
            return lease(node.url());
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
        int users;
        boolean ended;

        Shared(String place, Node node, @Nullable UsersFile usersFile) {
            this.place = place;
            this.usersFile = usersFile;
            this.node = node;
            this.status = NodeStatus.register(node, place);
            node.onFailure(failure -> startThread(this::end));
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
    private static final AtomicLong THREADS = new AtomicLong();

    private Nodes() {}

    /** @throws MambaException LOG_IN_USE, CORRUPT, NOT_SUPPORTED, INVALID_ARGUMENT, UNAVAILABLE, SECURITY */
    public static Lease lease(MambaUrl url) {
        return url.engine().equals(MambaUrl.KAFKA)
                ? lease(url, cluster(url), () -> kafkaLog(url))
                : lease(url, Nodes::fileLog);
    }

    /** @param engine opens the log of a directory that is not open yet */
    static Lease lease(MambaUrl url, Function<Path, Log> engine) {
        if (url.option("prefix").isPresent()) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED,
                    "'prefix' has no meaning for the embedded engine, which has a directory; leave it out of " + url
                            + ".");
        }
        if (url.option("partitions").isPresent()) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED,
                    "'partitions' has no meaning for the embedded engine, which has one partition for each destination;"
                            + " leave it out of " + url + ".");
        }
        Path directory = directory(url);
        return lease(url, directory.toString(), () -> engine.apply(directory));
    }

    private static Lease lease(MambaUrl url, String place, Supplier<Log> engine) {
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
                shared = new Shared(place, open(url, engine.get()), users);
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

    private static Log fileLog(Path directory) {
        return FileLog.open(
                directory,
                KEYED,
                FileLogOptions.defaults().withThreads(Nodes::thread).withApplication(application()));
    }

    /** One node of each name: two of one process are as good as two processes. */
    private static String cluster(MambaUrl url) {
        return "kafka://" + url.place() + "?node=" + url.option("node").orElse("")
                + url.option("prefix").map(prefix -> "&prefix=" + prefix).orElse("");
    }

    private static Log kafkaLog(MambaUrl url) {
        if (url.integer("partitions").orElse(1) != 1) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED,
                    "A destination has one partition so far, on Kafka too; leave 'partitions' out of " + url + ".");
        }
        KafkaLogOptions options = KafkaLogOptions.of(
                        url.place(), url.option("node").orElse(""))
                .withPrefix(url.option("prefix").orElse(""))
                .withProperties(url.kafkaProperties())
                .withThreads(Nodes::thread);
        return KafkaLog.open(options, KEYED);
    }

    private static Node open(MambaUrl url, Log log) {
        return Node.open(url, log, Clock.systemUTC(), Nodes::thread);
    }

    /** What others are told who find the log in use: the program's main class or archive. */
    private static String application() {
        String command = System.getProperty("sun.java.command", "");
        String program = command.split(" ", 2)[0];
        return program.isEmpty() ? "a Java program" : program;
    }

    /**
     * A thread lives as long as its node, and must hold nothing of whoever happened to open it: neither its class loader
     * nor, by the access control context that a new thread inherits, the classes that called.
     */
    @SuppressWarnings("removal") // there is no other way to leave that context out before Java 24, which has none
    private static Thread thread(Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(task, "mamba-node-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(Nodes.class.getClassLoader());
            return thread;
        });
    }

    private static void startThread(Runnable task) {
        thread(task).start();
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
