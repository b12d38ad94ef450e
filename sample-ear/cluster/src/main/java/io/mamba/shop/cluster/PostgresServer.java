package io.mamba.shop.cluster;

import io.mamba.shop.run.ShopDatabase;
import io.mamba.shop.run.ShopException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * A PostgreSQL in a process of its own, on a free port of the loopback. It believes everyone there. Its data stays in its directory and
 * is found again; it ends with this JVM.
 */
public final class PostgresServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /** @param settings as in postgresql.conf */
    public static PostgresServer start(Path directory, Map<String, String> settings) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("server").toFile())
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD);
        settings.forEach(builder::setServerConfig);
        try {
            return new PostgresServer(builder.start());
        } catch (IOException e) {
            throw new ShopException("PostgreSQL cannot be started in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Its one database; the shop wants a password to be given. */
    public ShopDatabase database() {
        return new ShopDatabase(server.getJdbcUrl("postgres", "postgres") + "&password=none");
    }

    /** The one number that the query answers. */
    public long count(String query) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new ShopException("PostgreSQL cannot be stopped: " + e.getMessage(), e);
        }
    }
}
