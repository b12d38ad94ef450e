package io.mamba.shop.database;

import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.util.List;
import org.hibernate.engine.jndi.JndiException;
import org.hibernate.engine.transaction.jta.platform.internal.AbstractJtaPlatform;

/**
 * Where Hibernate, which the shop brings along, finds the transactions of the server: each kind of server has another name
 * for its transaction manager.
 */
public class ServerTransactions extends AbstractJtaPlatform {
    private static final long serialVersionUID = 1L;

    /** Of Payara and GlassFish, of WildFly. */
    private static final List<String> MANAGERS =
            List.of("java:appserver/TransactionManager", "java:jboss/TransactionManager");

    @Override
    protected TransactionManager locateTransactionManager() {
        JndiException last = null;
        for (String name : MANAGERS) {
            try {
                return (TransactionManager) jndiService().locate(name);
            } catch (JndiException absent) {
                last = absent;
            }
        }
        throw new IllegalStateException(
                "The shop knows no transaction manager of this server; it tried " + MANAGERS, last);
    }

    @Override
    protected UserTransaction locateUserTransaction() {
        return (UserTransaction) jndiService().locate("java:comp/UserTransaction");
    }
}
