package io.mamba.shop.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files with which Payara Micro is told what to set up, in the one order in which it also recovers after a crash:
 * automatic recovery is held back by a long delay, adapter and pools come first, and the command at the end of the second file
 * runs the recovery when all resource managers are there. Pools are domain pools: those of annotations are not recovered.
 */
record BootFiles(Path preboot, Path postboot) {

    static BootFiles write(ShopOptions options, Path directory) throws IOException {
        Path preboot = directory.resolve("preboot.txt");
        Path postboot = directory.resolve("postboot.txt");
        Files.write(preboot, preboot(options));
        Files.write(postboot, postboot(options));
        return new BootFiles(preboot, postboot);
    }

    static List<String> preboot(ShopOptions options) {
        String server = "set configs.config.server-config.";
        return List.of(
                server + "network-config.network-listeners.network-listener.http-listener.address=" + options.address(),
                // --nohazelcast alone leaves it listening on every interface.
                server + "hazelcast-config-specific-configuration.enabled=false",
                server + "transaction-service.automatic-recovery=true",
                "set "
                        + quoted("configs.config.server-config.transaction-service.tx-log-dir="
                                + options.data().resolve("transactions")),
                server + "transaction-service.property.recover-txn-delay=3600",
                // Part of every branch's name: one that changes leaves branches behind.
                server + "transaction-service.property.xa-servername="
                        + options.log().instance());
    }

    static List<String> postboot(ShopOptions options) {
        String messages = options.log().url(options.data());
        return List.of(
                "create-resource-adapter-config --property " + quoted("url=" + escaped(messages)) + " mamba",
                "deploy --name mamba "
                        + quoted(options.home().resolve("mamba.rar").toString()),
                "create-connector-connection-pool --raname mamba --connectiondefinition jakarta.jms.ConnectionFactory"
                        + " --transactionsupport XATransaction --steadypoolsize 0 --maxpoolsize 64 jms/CFPool",
                "create-connector-resource --poolname jms/CFPool jms/CF",
                "create-jdbc-connection-pool --restype javax.sql.XADataSource"
                        + " --datasourceclassname " + options.database().dataSourceClass()
                        + " --steadypoolsize 4 --maxpoolsize 64 --property "
                        + quoted(properties(options.database().properties(options.data()))) + " jdbc/shopPool",
                "create-jdbc-resource --connectionpoolid jdbc/shopPool jdbc/shop",
                "recover-transactions --target server server");
    }

    private static String properties(Map<String, String> values) {
        return values.entrySet().stream()
                .map(property -> property.getKey() + "=" + escaped(property.getValue()))
                .collect(Collectors.joining(":"));
    }

    /** A command ends an argument at a space unless it is quoted. */
    private static String quoted(String argument) {
        return '"' + argument + '"';
    }

    /** In a value of a property list {@code :} and {@code =} end the value unless they are escaped. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(":", "\\:").replace("=", "\\=");
    }
}
