package io.mamba.shop.run;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of the shop are: H2 in the data directory, or a PostgreSQL that somebody else runs.
 *
 * @param url of a PostgreSQL; null for H2
 */
public record ShopDatabase(@Nullable String url) {

    public static final ShopDatabase H2 = new ShopDatabase(null);

    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String EXPECTED = "jdbc:postgresql://host:port/database?user=..&password=..";
    private static final String DRIVER = "postgresql.jar";

    public ShopDatabase {
        if (url != null && !url.startsWith(POSTGRESQL)) {
            throw new ShopException("The shop knows H2, which it takes by itself, and PostgreSQL: expected " + EXPECTED
                    + ", but found " + withoutSettings(url));
        }
        if (url != null && (url + setting(url, "user") + setting(url, "password")).contains("\"")) {
            throw new ShopException(
                    "Payara Micro's boot files cannot hold a quotation mark; there is one in the URL, the"
                            + " user or the password of " + withoutSettings(url));
        }
    }

    /** A part of the URL that the pool has as a property too: with these the server recovers. */
    private static String setting(String url, String name) {
        return Arrays.stream(url.substring(url.indexOf('?') + 1).split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow(() -> new ShopException("The URL of the database does not say '" + name + "': expected "
                        + EXPECTED + ", but found " + withoutSettings(url)));
    }

    /** The file beside the launcher that the server needs for this database. */
    String library() {
        return url == null ? "shop-h2.jar" : DRIVER;
    }

    String dataSourceClass() {
        return url == null ? "io.mamba.shop.h2.RecoverableDataSource" : "org.postgresql.xa.PGXADataSource";
    }

    /** The properties of the data source, by name. */
    Map<String, String> properties(Path data) {
        if (url != null) {
            return new TreeMap<>(
                    Map.of("url", url, "user", setting(url, "user"), "password", setting(url, "password")));
        }
        String file = "jdbc:h2:file:" + data.resolve("database").resolve("shop")
                // Without it H2 loses committed work when the process is killed.
                + ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE";
        return new TreeMap<>(Map.of("url", file, "user", "shop", "password", "shop"));
    }

    /** Refuses a database that cannot be reached, or that cannot prepare, before a server is started for nothing. */
    void check(Path home) {
        if (url == null) {
            return;
        }
        try (URLClassLoader driver = new URLClassLoader(
                new URL[] {home.resolve(DRIVER).toUri().toURL()}, getClass().getClassLoader())) {
            check(url, (Driver) driver.loadClass("org.postgresql.Driver")
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (IOException | ReflectiveOperationException e) {
            throw new ShopException("The driver of PostgreSQL cannot be loaded from " + home.resolve(DRIVER), e);
        }
    }

    private static void check(String url, Driver driver) {
        try (Connection connection = driver.connect(url, new Properties());
                Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("show max_prepared_transactions")) {
            setting.next();
            if (setting.getInt(1) == 0) {
                throw new ShopException(
                        "PostgreSQL refuses two-phase commit: its max_prepared_transactions is 0. Set it to at least"
                                + " 64, the size of the shop's pool, in postgresql.conf, and restart PostgreSQL.");
            }
        } catch (SQLException e) {
            throw new ShopException("PostgreSQL at " + withoutSettings(url) + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Without what may hold a password. */
    @Override
    public String toString() {
        return url == null ? "H2" : withoutSettings(url);
    }

    private static String withoutSettings(String url) {
        int question = url.indexOf('?');
        return question < 0 ? url : url.substring(0, question);
    }
}
