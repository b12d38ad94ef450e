package io.mamba.transactions;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL in a process of its own, on a free port of the loopback. Its files are below target. */
final class Postgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    Postgres() throws IOException {
        Path files = Path.of("target", "postgres").toAbsolutePath();
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(files.resolve("server").toFile())
                .setDataDirectory(files.resolve("data"))
                .setCleanDataDirectory(true)
                .setPGStartupWait(Duration.ofMinutes(2))
                // Without this PostgreSQL refuses PREPARE TRANSACTION.
                .setServerConfig("max_prepared_transactions", "50")
                // It outlives the processes that the tests kill, and no power fails.
                .setServerConfig("fsync", "off")
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A new database with an empty table of orders. */
    OrderTable database(String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        OrderTable table = new OrderTable(server.getJdbcUrl("postgres", name));
        table.create();
        return table;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
