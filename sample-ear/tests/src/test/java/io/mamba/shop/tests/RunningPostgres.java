package io.mamba.shop.tests;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL with an empty database, in a process of its own, on a free port of the loopback. */
final class RunningPostgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    RunningPostgres(String name, int maxPreparedTransactions) throws IOException {
        Path files = Shops.emptied(name);
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(files.resolve("server").toFile())
                .setDataDirectory(files.resolve("data"))
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("max_prepared_transactions", Integer.toString(maxPreparedTransactions))
                // It outlives the servers that the tests kill, and no power fails.
                .setServerConfig("fsync", "off")
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** It believes everyone on the loopback; the shop wants to be given a password. */
    String url() {
        return server.getJdbcUrl("postgres", "postgres") + "&password=none";
    }

    long count(String query) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
