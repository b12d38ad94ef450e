package io.mamba.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.transaction.xa.XAResource;

/**
 * Payara and GlassFish ask an adapter for its XA resources and throw the answer away, and don't scan pools that an
 * application defines; they recover what was registered with their transaction manager. There is no way to take it back, so
 * a stand-in is registered. Any thread may call.
 */
@SuppressWarnings("BanJNDI") // a name of the server, not of a user
final class PayaraRecovery {
    private static final Logger LOG = System.getLogger(PayaraRecovery.class.getName());
    private static final String TRANSACTION_MANAGER = "java:appserver/TransactionManager";
    private static final String REGISTER = "registerRecoveryResourceHandler";

    private PayaraRecovery() {}

    /** Where the server is another, nothing happens, and the answer is false. */
    static boolean register(StandIn recovery) {
        try {
            Object transactionManager = InitialContext.doLookup(TRANSACTION_MANAGER);
            Method register = transactionManager.getClass().getMethod(REGISTER, XAResource.class);
            register.invoke(transactionManager, recovery.resource());
            LOG.log(
                    Level.DEBUG,
                    "Registered for recovery with {0}",
                    transactionManager.getClass().getName());
            return true;
        } catch (NamingException | NoSuchMethodException | IllegalAccessException e) {
            LOG.log(Level.DEBUG, "This server has no such registration for recovery: {0}", e.toString());
        } catch (InvocationTargetException e) {
            LOG.log(Level.WARNING, "The server refused Mamba's registration for recovery.", e.getCause());
        }
        return false;
    }
}
