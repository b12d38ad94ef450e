package io.mamba.cluster;

import java.io.IOException;
import java.io.OutputStream;

/** Ends this process when the one that started it is gone, however that ended. */
public final class Leash {
    private Leash() {}

    /** To be called first in a process whose standard input is a pipe from its starter. */
    public static void hold() {
        Thread leash = new Thread(Leash::haltWhenTheStarterIsGone, "leash");
        leash.setDaemon(true);
        leash.start();
    }

    /** Nobody ever writes to the standard input: reading it returns when the other end is closed, also by kill -9. */
    private static void haltWhenTheStarterIsGone() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("the starter's pipe broke: " + e);
        }
        Runtime.getRuntime().halt(1);
    }
}
