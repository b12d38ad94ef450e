package io.mamba.ra;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VolatileCallSite;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an XA resource where a server may keep it longer than the adapter lives, as Payara keeps those with which it
 * recovered. It consists of the platform's classes alone, and leads to the resource only until {@link #end}: after that not even
 * the adapter's class loader stays. Any thread may call.
 */
public final class StandIn {
    private static final MethodType INVOCATION =
            MethodType.methodType(Object.class, Object.class, Method.class, Object[].class);
    private static final MethodHandle STOPPED = stopped();

    private final VolatileCallSite site;
    private final XAResource proxy;

    public StandIn(XAResource resource) {
        site = new VolatileCallSite(live(resource));
        proxy = proxy(site);
    }

    /** What the server gets. */
    public XAResource resource() {
        return proxy;
    }

    /** What the server got answers {@code XAER_RMFAIL} from now on, and holds nothing. */
    public void end() {
        site.setTarget(STOPPED);
    }

    private static XAResource proxy(VolatileCallSite site) {
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
                    .findStatic(StandIn.class, "call", INVOCATION.insertParameterTypes(0, XAResource.class))
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
                default -> "a resource of Mamba";
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
