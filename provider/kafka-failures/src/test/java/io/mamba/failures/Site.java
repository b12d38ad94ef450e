package io.mamba.failures;

import static org.awaitility.Awaitility.await;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Three brokers and three JVMs, which stay for many rounds. Used by one thread. */
final class Site implements AutoCloseable {
    static final Duration SOON = Duration.ofMinutes(3);
    static final String PREFIX = "f.";
    private static final int UNITS = 8;
    private static final int MESSAGES = 30;

    final Observed observed = new Observed();
    final KafkaCluster cluster;
    final List<Jvm> jvms = new ArrayList<>();
    final Judge judge;
    private final @Nullable Namespace namespace;

    private Site(@Nullable Namespace namespace, KafkaCluster cluster) {
        this.namespace = namespace;
        this.cluster = cluster;
        this.judge = new Judge(url(cluster.bootstrap(), "judge"), PREFIX, cluster.settings(Map.of()));
    }

    /** @param namespace in which the last of the JVMs runs */
    static Site start(@Nullable Namespace namespace) throws IOException {
        ClusterPlan plan = ClusterPlan.of(3);
        KafkaCluster cluster = (namespace == null ? plan : plan.alsoAt(namespace.host())).start();
        try {
            Site site = new Site(namespace, cluster);
            for (int i = 0; i < 3; i++) {
                site.jvms.add(site.start(i));
            }
            return site;
        } catch (RuntimeException | IOException failed) {
            cluster.close();
            throw failed;
        }
    }

    private Jvm start(int i) throws IOException {
        String node = "n" + (i + 1);
        Path directory = Files.createDirectories(cluster.directory().resolve("jvms"));
        return namespace != null && i == 2
                ? new Jvm(namespace.prefix(), url(cluster.otherBootstrap(), node), node, directory, observed)
                : new Jvm(List.of(), url(cluster.bootstrap(), node), node, directory, observed);
    }

    private static String url(String servers, String node) {
        return "mamba:kafka://" + servers + "?node=" + node + "&prefix=" + PREFIX + "&maxDeliveries=0";
    }

    /** One of the same name in the place of one that was killed. */
    Jvm replace(Jvm dead) throws IOException {
        int i = jvms.indexOf(dead);
        jvms.set(i, start(i));
        jvms.get(i).tell("send");
        return jvms.get(i);
    }

    Jvm last() {
        return jvms.get(jvms.size() - 1);
    }

    List<Jvm> others(Jvm one) {
        return jvms.stream().filter(jvm -> jvm != one).toList();
    }

    /** Of these each has sent, and messages have come out. */
    void awaitProgress(List<Jvm> of) {
        Map<Jvm, Integer> before = new HashMap<>();
        of.forEach(jvm -> before.put(jvm, jvm.acknowledged()));
        int out = observed.messagesOut();
        await("progress")
                .atMost(SOON)
                .until(() -> observed.messagesOut() >= out + MESSAGES
                        && of.stream().allMatch(jvm -> jvm.acknowledged() >= before.getOrDefault(jvm, 0) + UNITS));
    }

    void tellAll(String command) {
        jvms.forEach(jvm -> jvm.tell(command));
    }

    /** Nobody sends any more, and everything has come out. */
    void awaitRest() {
        tellAll("rest");
        await("rest").atMost(SOON).until(() -> jvms.stream().allMatch(Jvm::rests));
        await("nothing on its way, nothing in doubt")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> judge.underWay() == 0);
    }

    @Override
    public void close() {
        jvms.forEach(Jvm::kill);
        judge.close();
        cluster.close();
    }
}
