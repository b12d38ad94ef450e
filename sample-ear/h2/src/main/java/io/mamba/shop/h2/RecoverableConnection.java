package io.mamba.shop.h2;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.ConnectionEventListener;
import javax.sql.StatementEventListener;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;

/** One of H2's connections with a {@link RecoverableResource} in place of its own. */
final class RecoverableConnection implements XAConnection {

    /** Opens a connection of H2's. */
    @FunctionalInterface
    interface Opener {
        XAConnection open() throws SQLException;
    }

    private final XAConnection h2;
    private final XAResource resource;

    RecoverableConnection(XAConnection h2, Opener another) throws SQLException {
        this.h2 = h2;
        this.resource = new RecoverableResource(h2.getXAResource(), another);
    }

    @Override
    public XAResource getXAResource() {
        return resource;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return h2.getConnection();
    }

    @Override
    public void close() throws SQLException {
        h2.close();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        h2.addConnectionEventListener(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        h2.removeConnectionEventListener(listener);
    }

    @Override
    public void addStatementEventListener(StatementEventListener listener) {
        h2.addStatementEventListener(listener);
    }

    @Override
    public void removeStatementEventListener(StatementEventListener listener) {
        h2.removeStatementEventListener(listener);
    }
}
