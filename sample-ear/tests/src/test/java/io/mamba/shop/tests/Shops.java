package io.mamba.shop.tests;

import io.mamba.shop.cluster.PostgresServer;
import io.mamba.shop.run.ShopOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Where the shops of the tests live. */
final class Shops {

    private Shops() {}

    /** Options of a shop with a free port and an empty data directory of that name. */
    static ShopOptions fresh(String name) throws IOException {
        Path data = emptied(name);
        return ShopOptions.in(Path.of(property("shop.home")), data, freePort());
    }

    /** A PostgreSQL with an empty database. */
    static PostgresServer postgres(String name, int maxPreparedTransactions) throws IOException {
        return PostgresServer.start(
                emptied(name),
                Map.of(
                        "max_prepared_transactions",
                        Integer.toString(maxPreparedTransactions),
                        // It outlives the servers that the tests kill, and no power fails.
                        "fsync",
                        "off",
                        "lock_timeout",
                        "5s"));
    }

    /** An empty directory of that name. */
    static Path emptied(String name) throws IOException {
        Path data = Path.of(property("shop.work")).resolve(name);
        delete(data);
        return Files.createDirectories(data);
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("The build sets the system property " + name);
        }
        return value;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
