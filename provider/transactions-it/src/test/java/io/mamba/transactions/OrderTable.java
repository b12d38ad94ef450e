package io.mamba.transactions;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.sql.XADataSource;
import org.postgresql.xa.PGXADataSource;

/** The orders in a PostgreSQL database. An order that is paid with an invoice of an unknown customer is refused in prepare. */
record OrderTable(String url) {
    XADataSource dataSource() {
        PGXADataSource source = new PGXADataSource();
        source.setUrl(url);
        return source;
    }

    void create() throws SQLException {
        update("CREATE TABLE orders (id text PRIMARY KEY, state text NOT NULL)");
        update("CREATE TABLE customers (id text PRIMARY KEY)");
        update("CREATE TABLE invoices (customer text REFERENCES customers DEFERRABLE INITIALLY DEFERRED)");
    }

    void add(Iterable<String> ids) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, 'CREATED')")) {
            for (String id : ids) {
                insert.setString(1, id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Within a transaction. */
    static void pay(Connection connection, String id) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE orders SET state = 'PAID' WHERE id = ? AND state = 'CREATED'")) {
            update.setString(1, id);
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("order " + id + " is unknown or paid already");
            }
        }
    }

    /** Within a transaction: accepted now, refused when the transaction is prepared or committed. */
    static void chargeNobody(Connection connection) throws SQLException {
        try (Statement insert = connection.createStatement()) {
            insert.executeUpdate("INSERT INTO invoices VALUES ('nobody')");
        }
    }

    TreeSet<String> paid() throws SQLException {
        return new TreeSet<>(query("SELECT id FROM orders WHERE state = 'PAID'"));
    }

    /** Branches that are prepared, by their identifiers. */
    List<String> inDoubt() throws SQLException {
        return query("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()");
    }

    private List<String> query(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private void update(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
