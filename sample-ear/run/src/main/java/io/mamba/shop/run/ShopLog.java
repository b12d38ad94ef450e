package io.mamba.shop.run;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of the shop are: in its data directory, or in a Kafka cluster that several instances share.
 *
 * @param cluster Mamba's URL of the cluster, with this instance's name; null for the directory
 */
public record ShopLog(@Nullable String cluster) {

    public static final ShopLog DIRECTORY = new ShopLog(null);

    private static final String EXPECTED = "mamba:kafka://host:port,host:port?node=<name>";
    private static final Pattern NODE = Pattern.compile("[?&]node=([A-Za-z0-9][A-Za-z0-9._-]*)(?=&|$)");

    public ShopLog {
        if (cluster != null && (!cluster.startsWith("mamba:kafka://") || cluster.contains("\""))) {
            throw new ShopException("Messages are in the data directory, or in a Kafka cluster: expected " + EXPECTED
                    + ", but found " + withoutSettings(cluster));
        }
        if (cluster != null && !NODE.matcher(cluster).find()) {
            throw new ShopException("Each instance of the shop on a Kafka cluster needs a name that it always has and"
                    + " no other has, of letters, digits, dots and dashes: expected " + EXPECTED + ", but found "
                    + withoutSettings(cluster));
        }
    }

    /** As the instance of this name. */
    public static ShopLog inCluster(String bootstrap, String instance) {
        return new ShopLog("mamba:kafka://" + bootstrap + "?node=" + instance);
    }

    String url(Path data) {
        return cluster != null
                ? cluster
                : "mamba:file:" + data.resolve("messages").toUri().getRawPath();
    }

    /** What is part of the name of every transaction branch, and so must be another in each instance. */
    String instance() {
        if (cluster == null) {
            return "mamba-shop";
        }
        Matcher node = NODE.matcher(cluster);
        if (!node.find()) {
            throw new IllegalStateException("checked when made");
        }
        return node.group(1);
    }

    /** Without what may hold a password. */
    @Override
    public String toString() {
        return cluster == null ? "the data directory" : withoutSettings(cluster);
    }

    private static String withoutSettings(String url) {
        int question = url.indexOf('?');
        return question < 0 ? url : url.substring(0, question);
    }
}
