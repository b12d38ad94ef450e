package io.mamba.cluster;

import java.io.IOException;
import java.io.OutputStream;

/** The broker's process: formats its directory if that is new, runs, and dies with the process that started it. */
final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments those of {@code kafka-storage.sh format}; the last is the path of the broker's properties */
    public static void main(String[] arguments) {
        Thread leash = new Thread(BrokerMain::haltWhenTheStarterIsGone, "leash");
        leash.setDaemon(true);
        leash.start();
        if (kafka.tools.StorageTool.execute(arguments, System.out) != 0) {
            throw new IllegalStateException("cannot format: " + String.join(" ", arguments));
        }
        kafka.Kafka.main(new String[] {arguments[arguments.length - 1]});
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
