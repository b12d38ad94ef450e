package io.mamba.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.atomic.AtomicLong;

/** Threads of Mamba's own, all of them daemons. */
public final class OwnThreads {
    private static final AtomicLong COUNT = new AtomicLong();

    private OwnThreads() {}

    /**
     * A thread lives as long as its log, and must hold nothing of whoever happened to open it: neither its class loader
     * nor, by the access control context that a new thread inherits, the classes that called.
     */
    @SuppressWarnings("removal") // there is no other way to leave that context out before Java 24, which has none
    public static Thread thread(Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(task, "mamba-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(OwnThreads.class.getClassLoader());
            return thread;
        });
    }
}
