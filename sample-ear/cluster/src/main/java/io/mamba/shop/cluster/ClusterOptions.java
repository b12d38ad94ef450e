package io.mamba.shop.cluster;

import io.mamba.shop.run.ShopException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * How to start the cluster.
 *
 * @param home the directory with the server and the archives
 * @param data where all of it keeps what it has
 * @param port of the first instance; the second has the next
 */
record ClusterOptions(Path home, Path data, int port) {

    static ClusterOptions parse(List<String> arguments) {
        Path home = Path.of("sample-ear", "run", "target", "shop");
        Path data = Path.of("shop-data", "cluster");
        int port = 8080;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new ShopException(option + " needs a value");
            }
            String value = rest.next();
            switch (option) {
                case "--home" -> home = Path.of(value);
                case "--data" -> data = Path.of(value);
                case "--port" -> port = number(value);
                default ->
                    throw new ShopException(
                            "Unknown option " + option + ": there are --home <dir>, --data <dir> and --port <n>");
            }
        }
        return new ClusterOptions(home, data.toAbsolutePath().normalize(), port);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ShopException("A port is a number, not " + text, e);
        }
    }
}
