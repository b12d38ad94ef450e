package io.mamba.shop.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How to start the shop.
 *
 * @param home the directory with payara-micro.jar, h2.jar, shop-h2.jar, postgresql.jar, mamba.rar and shop.war
 * @param data where orders, messages and the transaction log are kept
 * @param database where the rows are
 * @param log where the messages are
 * @param jvmArguments further arguments for the server's JVM
 */
public record ShopOptions(
        Path home, Path data, ShopDatabase database, ShopLog log, String address, int port, List<String> jvmArguments) {

    public static final String USAGE = """
            Usage: java -jar shop-run.jar [options]
              --port <n>         HTTP port (8080)
              --address <ip>     where to listen (127.0.0.1; 0.0.0.0 for everywhere)
              --data <dir>       where messages and, without --database, orders are kept (shop-data)
              --database <url>   a PostgreSQL, jdbc:postgresql://host:port/database?user=..&password=..
                                 (H2 in the data directory)
              --messages <url>   a Kafka cluster that instances share, mamba:kafka://host:port?node=<name>, where each
                                 has another name that it keeps; with --database (a log in the data directory)
              --jvm <argument>   a further argument for the server's JVM, may be repeated
              --help             this text
            """;

    public ShopOptions {
        jvmArguments = List.copyOf(jvmArguments);
        data = data.toAbsolutePath().normalize();
        home = home.toAbsolutePath().normalize();
        if (port < 1 || port > 65_535) {
            throw new ShopException("A port is a number from 1 to 65535, not " + port);
        }
        if (log.cluster() != null && database.url() == null) {
            throw new ShopException("Instances that share messages share their rows too: give --database");
        }
    }

    public static ShopOptions in(Path home, Path data, int port) {
        return new ShopOptions(home, data, ShopDatabase.H2, ShopLog.DIRECTORY, "127.0.0.1", port, List.of());
    }

    public ShopOptions withJvmArguments(List<String> arguments) {
        return new ShopOptions(home, data, database, log, address, port, arguments);
    }

    public ShopOptions withDatabase(ShopDatabase other) {
        return new ShopOptions(home, data, other, log, address, port, jvmArguments);
    }

    /** In a cluster, with the rows that all its instances share. */
    public ShopOptions withCluster(ShopDatabase shared, ShopLog cluster) {
        return new ShopOptions(home, data, shared, cluster, address, port, jvmArguments);
    }

    static ShopOptions parse(Path home, List<String> arguments) {
        Path data = Path.of("shop-data");
        ShopDatabase database = ShopDatabase.H2;
        ShopLog log = ShopLog.DIRECTORY;
        String address = "127.0.0.1";
        int port = 8080;
        List<String> jvm = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--port" -> port = number(value(option, rest));
                case "--address" -> address = value(option, rest);
                case "--data" -> data = Path.of(value(option, rest));
                case "--database" -> database = new ShopDatabase(value(option, rest));
                case "--messages" -> log = new ShopLog(value(option, rest));
                case "--jvm" -> jvm.add(value(option, rest));
                default -> throw new ShopException("Unknown option " + option + "\n" + USAGE);
            }
        }
        return new ShopOptions(home, data, database, log, address, port, jvm);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new ShopException(option + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ShopException("A port is a number, not " + text, e);
        }
    }
}
