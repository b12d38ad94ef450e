package io.mamba.trial;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.kafka.common.Uuid;

/** The broker's process: formats its directory, runs, and dies with the process that started it. */
final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments the path of the broker's properties file */
    public static void main(String[] arguments) {
        Thread leash = new Thread(BrokerMain::haltWhenTheStarterIsGone, "leash");
        leash.setDaemon(true);
        leash.start();
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", arguments[0], "--ignore-formatted"};
        if (kafka.tools.StorageTool.execute(format, System.out) != 0) {
            throw new IllegalStateException("cannot format the log directory of " + arguments[0]);
        }
        kafka.Kafka.main(arguments);
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
