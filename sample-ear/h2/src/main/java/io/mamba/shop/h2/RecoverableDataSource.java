package io.mamba.shop.h2;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;

/** H2's data source with branches that outlive their connection. The server sets its bean properties. */
public final class RecoverableDataSource implements XADataSource {

    private final JdbcDataSource h2 = new JdbcDataSource();

    public void setUrl(String url) {
        h2.setUrl(url);
    }

    public String getUrl() {
        return h2.getUrl();
    }

    public void setUser(String user) {
        h2.setUser(user);
    }

    public String getUser() {
        return h2.getUser();
    }

    public void setPassword(String password) {
        h2.setPassword(password);
    }

    public String getPassword() {
        return h2.getPassword();
    }

    @Override
    public XAConnection getXAConnection() throws SQLException {
        return new RecoverableConnection(h2.getXAConnection(), h2::getXAConnection);
    }

    @Override
    public XAConnection getXAConnection(String user, String password) throws SQLException {
        return new RecoverableConnection(h2.getXAConnection(user, password), () -> h2.getXAConnection(user, password));
    }

    @Override
    public PrintWriter getLogWriter() {
        return h2.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        h2.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        h2.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return h2.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.h2");
    }
}
