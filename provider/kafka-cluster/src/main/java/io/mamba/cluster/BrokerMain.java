package io.mamba.cluster;

/** The broker's process: formats its directory if that is new, runs, and dies with the process that started it. */
final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments those of {@code kafka-storage.sh format}; the last is the path of the broker's properties */
    public static void main(String[] arguments) {
        Leash.hold();
        if (kafka.tools.StorageTool.execute(arguments, System.out) != 0) {
            throw new IllegalStateException("cannot format: " + String.join(" ", arguments));
        }
        kafka.Kafka.main(new String[] {arguments[arguments.length - 1]});
    }
}
