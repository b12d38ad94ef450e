package io.mamba.ra.fake;

import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.transaction.xa.XAResource;

/** Payara's transaction manager under its name: keeps what was registered for recovery for ever. */
public final class FakeRecovery {
    private static final String NAME = "java:appserver/TransactionManager";
    private static final List<XAResource> REGISTERED = new CopyOnWriteArrayList<>();

    private FakeRecovery() {}

    /** It is found by that name from now on. */
    public static void install() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Naming.class.getName());
    }

    public static void remove() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        REGISTERED.clear();
    }

    public static List<XAResource> registered() {
        return REGISTERED;
    }

    /** The part of the transaction manager that is not in any specification. */
    public static final class TransactionManager {
        public void registerRecoveryResourceHandler(XAResource resource) {
            REGISTERED.add(resource);
        }
    }

    /** Knows one name. */
    public static final class Naming implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    if (!name.equals(NAME)) {
                        throw new NameNotFoundException(name);
                    }
                    return new TransactionManager();
                }
            };
        }
    }
}
