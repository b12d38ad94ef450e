package io.mamba.ra;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;

/** The server's WorkManager, asked so that nothing of the adapter stays with it. Any thread may call. */
public record Works(WorkManager manager) {
    private static final MethodHandle SCHEDULE = scheduleWork();

    /**
     * A thread that the server makes for this inherits the access control context of the call, and with it the class loaders of all
     * classes on the stack, for as long as it lives, which may be longer than the adapter. So there are none but the platform's.
     */
    @SuppressWarnings("removal") // there is no other way before Java 24, where nothing is inherited
    public void schedule(Work work) throws WorkException {
        MethodHandle call =
                MethodHandles.insertArguments(SCHEDULE, 0, manager, work).asType(MethodType.methodType(Object.class));
        PrivilegedExceptionAction<?> action =
                MethodHandleProxies.asInterfaceInstance(PrivilegedExceptionAction.class, call);
        try {
            Subject.doAsPrivileged(null, action, null);
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof WorkException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getException());
        }
    }

    private static MethodHandle scheduleWork() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(WorkManager.class, "scheduleWork", MethodType.methodType(void.class, Work.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("scheduleWork", e);
        }
    }
}
