package io.mamba.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VolatileCallSite;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Payara and GlassFish ask an adapter for its XA resources and throw the answer away, and don't scan pools that an
 * application defines; they recover what was registered with their transaction manager. There is no way to take it back,
 * so what is registered consists of the platform's classes alone, and leads here only until {@link #end}: not even the
 * adapter's class loader stays. Any thread may call.
 */
@SuppressWarnings("BanJNDI") // a name of the server, not of a user
final class PayaraRecovery {
    private static final Logger LOG = System.getLogger(PayaraRecovery.class.getName());
    private static final String TRANSACTION_MANAGER = "java:appserver/TransactionManager";
    private static final String REGISTER = "registerRecoveryResourceHandler";
    private static final MethodType INVOCATION =
            MethodType.methodType(Object.class, Object.class, Method.class, Object[].class);

    private final VolatileCallSite site = new VolatileCallSite(stopped());

    /** Where the server is another, nothing happens. */
    void register(XAResource resource) {
        try {
            Object transactionManager = InitialContext.doLookup(TRANSACTION_MANAGER);
            Method register = transactionManager.getClass().getMethod(REGISTER, XAResource.class);
            register.invoke(transactionManager, proxy(resource));
            LOG.log(
                    Level.DEBUG,
                    "Registered for recovery with {0}",
                    transactionManager.getClass().getName());
        } catch (NamingException | NoSuchMethodException | IllegalAccessException e) {
            LOG.log(Level.DEBUG, "This server has no such registration for recovery: {0}", e.toString());
        } catch (InvocationTargetException e) {
            LOG.log(Level.WARNING, "The server refused Mamba's registration for recovery.", e.getCause());
        }
    }

    /** What was registered answers {@code XAER_RMFAIL} from now on, and holds nothing. */
    void end() {
        site.setTarget(stopped());
    }

    /** The resource as an object that does not hold it. */
    XAResource proxy(XAResource resource) {
        site.setTarget(live(resource));
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(platform); // the class of the handler is made there
        try {
            InvocationHandler handler =
                    MethodHandleProxies.asInterfaceInstance(InvocationHandler.class, site.dynamicInvoker());
            return (XAResource) Proxy.newProxyInstance(platform, new Class<?>[] {XAResource.class}, handler);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static MethodHandle live(XAResource resource) {
        try {
            return MethodHandles.lookup()
                    .findStatic(PayaraRecovery.class, "call", INVOCATION.insertParameterTypes(0, XAResource.class))
                    .bindTo(resource);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("call", e);
        }
    }

    @SuppressWarnings("UnusedMethod") // by handle
    private static @Nullable Object call(
            XAResource resource, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "Mamba's recovery";
            };
        }
        if (arguments != null && arguments[0] == proxy) {
            return true; // asked whether it is the same resource manager as itself
        }
        try {
            return method.invoke(resource, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Made of the platform's parts: throws a new exception each time. */
    private static MethodHandle stopped() {
        try {
            MethodHandle exception = MethodHandles.insertArguments(
                    MethodHandles.publicLookup()
                            .findConstructor(XAException.class, MethodType.methodType(void.class, int.class)),
                    0,
                    XAException.XAER_RMFAIL);
            MethodHandle refusal = MethodHandles.filterReturnValue(
                    exception, MethodHandles.throwException(Object.class, XAException.class));
            return MethodHandles.dropArguments(refusal, 0, INVOCATION.parameterList());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("XAException", e);
        }
    }
}
