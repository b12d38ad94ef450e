package io.mamba.transactions;

import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import java.sql.SQLException;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;

/** Lets the transaction manager see what a database has in doubt, over one connection. */
final class DatabaseRecovery implements XAResourceRecoveryHelper, AutoCloseable {
    private final XAConnection connection;

    DatabaseRecovery(XADataSource database) throws SQLException {
        connection = database.getXAConnection();
    }

    @Override
    public boolean initialise(String parameter) {
        return true;
    }

    @Override
    public XAResource[] getXAResources() throws SQLException {
        return new XAResource[] {connection.getXAResource()};
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
