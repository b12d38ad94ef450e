package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Membership;
import io.mamba.log.StoredRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three brokers, three nodes that write units of two records in two topics all the time, and something fails. Afterwards the
 * topics are read: what was acknowledged is there once, nothing is there in part, and nothing that was refused. Only in the
 * profile {@code kafka-failures}, which keeps the figures in the file that {@code mamba.results} names.
 */
@EnabledIfSystemProperty(named = "mamba.failure.rounds", matches = "[1-9][0-9]*")
final class KafkaFailuresIT {
    private static final Duration SOON = Duration.ofMinutes(3);
    /** Longer than a member's session. */
    private static final Duration STOPPED = Duration.ofSeconds(10);

    private static final int ENOUGH = 100;

    private final List<Writer> writers = new ArrayList<>();

    private enum Failure {
        LEADER_KILLED,
        COORDINATOR_KILLED,
        CONTROLLER_KILLED,
        TWO_BROKERS_KILLED,
        ROLLING_RESTART,
        NODE_KILLED,
        NODE_STOPPED
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostNorDoubledNorThereInPart(Failure failure) throws Exception {
        for (int round = 1; round <= Integer.getInteger("mamba.failure.rounds"); round++) {
            round(failure);
        }
    }

    private void round(Failure failure) throws Exception {
        writers.clear();
        try (KafkaCluster cluster = KafkaCluster.threeBrokers();
                KafkaLog log = KafkaLog.open(KafkaLogOptions.of(cluster.bootstrap(), "reader"), Set.of())) {
            UnitWriter.TOPICS.forEach(topic -> log.create(topic.topic(), 1));
            try {
                for (String node : List.of("n1", "n2", "n3")) {
                    writers.add(new Writer(cluster.bootstrap(), node));
                }
                awaitProgress();
                long failedAt = System.nanoTime();
                befall(failure, cluster);
                awaitProgress();
                cluster.awaitReady();
                awaitProgress();
                long pause = writers.stream()
                        .filter(writer -> !writer.failed)
                        .mapToLong(writer -> writer.longestPauseSince(failedAt))
                        .max()
                        .orElse(0);
                writers.forEach(Writer::kill);
                keep(failure, judge(log), pause);
            } finally {
                writers.forEach(Writer::kill);
            }
        }
    }

    private void befall(Failure failure, KafkaCluster cluster) throws Exception {
        switch (failure) {
            case LEADER_KILLED -> killAndRestart(cluster, cluster.leader("queue.a", 0));
            case COORDINATOR_KILLED ->
                killAndRestart(
                        cluster,
                        cluster.transactionCoordinator(
                                new TransactionalIds("").stripe(writers.get(0).member(), 0)));
            case CONTROLLER_KILLED -> killAndRestart(cluster, cluster.activeController());
            case TWO_BROKERS_KILLED ->
                killAndRestart(cluster, cluster.leader("queue.a", 0), cluster.leader("queue.a", 0) % 3 + 1);
            case ROLLING_RESTART -> {
                for (int broker = 1; broker <= cluster.size(); broker++) {
                    cluster.stop(broker);
                    cluster.restart(broker);
                    cluster.awaitReady();
                }
            }
            case NODE_KILLED -> writers.get(0).kill();
            case NODE_STOPPED -> {
                Writer stopped = writers.get(0);
                stopped.failed = true;
                String member = stopped.member();
                stopped.signal("STOP");
                await().pollDelay(STOPPED)
                        .atMost(SOON)
                        .until(() -> writers.stream().anyMatch(writer -> writer.fenced.contains(member)));
                stopped.signal("CONT");
                await().atMost(SOON).until(() -> !stopped.member().equals(member));
            }
        }
    }

    private void killAndRestart(KafkaCluster cluster, int... brokers) {
        for (int broker : brokers) {
            cluster.kill(broker);
        }
        if (brokers.length == 1) {
            awaitProgress();
        }
        for (int broker : brokers) {
            cluster.restart(broker);
        }
    }

    private void awaitProgress() {
        Map<Writer, Integer> before = new HashMap<>();
        writers.forEach(writer -> before.put(writer, writer.acknowledged()));
        await().atMost(SOON)
                .until(() -> writers.stream()
                        .filter(writer -> writer.process.isAlive())
                        .allMatch(writer -> writer.acknowledged() >= before.getOrDefault(writer, 0) + ENOUGH));
    }

    private record Verdict(int acknowledged, int unknown, int found, int lost, int doubled, int partial, int refused) {}

    /** Who was killed may have a transaction open: what is in front of a fence of all is all there is. */
    private Verdict judge(KafkaLog log) {
        try (Membership reader = log.join("reader", new MembershipIT.Told())) {
            writers.forEach(writer -> writer.members.forEach(reader::fence));
        }
        List<Map<String, Integer>> topics = UnitWriter.TOPICS.stream()
                .map(topic -> {
                    Map<String, Integer> counts = new HashMap<>();
                    log.read(
                            Map.of(topic, 0L),
                            (StoredRecord stored) -> counts.merge(
                                    new String(
                                            Objects.requireNonNull(
                                                    stored.record().value()),
                                            UTF_8),
                                    1,
                                    Integer::sum));
                    return counts;
                })
                .toList();
        Map<String, String> said = new HashMap<>();
        writers.forEach(writer -> said.putAll(writer.said));
        Set<String> found = new HashSet<>(topics.get(0).keySet());
        found.addAll(topics.get(1).keySet());
        Verdict verdict = new Verdict(
                count(said, "ok"),
                count(said, "unknown") + count(said, "begin"),
                found.size(),
                (int) said.entrySet().stream()
                        .filter(unit -> unit.getValue().equals("ok") && !found.contains(unit.getKey()))
                        .count(),
                (int) topics.stream()
                        .flatMap(counts -> counts.values().stream())
                        .filter(count -> count > 1)
                        .count(),
                (int) found.stream()
                        .filter(unit ->
                                topics.get(0).containsKey(unit) != topics.get(1).containsKey(unit))
                        .count(),
                (int) found.stream()
                        .filter(unit -> "refused".equals(said.get(unit)))
                        .count());
        assertThat(List.of(verdict.lost, verdict.doubled, verdict.partial, verdict.refused))
                .as("lost, doubled, partial, there though refused: %s", verdict)
                .containsOnly(0);
        assertThat(said).as("units that nobody wrote").containsKeys(found.toArray(String[]::new));
        return verdict;
    }

    private static int count(Map<String, String> said, String what) {
        return (int) said.values().stream().filter(what::equals).count();
    }

    private static void keep(Failure failure, Verdict verdict, long pauseMillis) throws IOException {
        String name = System.getProperty("mamba.results", "");
        if (!name.isEmpty()) {
            Path file = Path.of(name);
            if (Files.notExists(file)) {
                Files.writeString(
                        file,
                        "failure,acknowledged,outcome_unknown,found,lost,doubled,partial,found_though_refused,longest_pause_ms\n");
            }
            Files.writeString(
                    file,
                    String.format(
                            Locale.ROOT,
                            "%s,%d,%d,%d,%d,%d,%d,%d,%d%n",
                            failure,
                            verdict.acknowledged,
                            verdict.unknown,
                            verdict.found,
                            verdict.lost,
                            verdict.doubled,
                            verdict.partial,
                            verdict.refused,
                            pauseMillis),
                    StandardOpenOption.APPEND);
        }
    }

    /** A writing process, and what it said of each unit last. */
    private static final class Writer {
        final Process process;
        final Map<String, String> said = new ConcurrentHashMap<>();
        final List<String> members = java.util.Collections.synchronizedList(new ArrayList<>());
        final Set<String> fenced = ConcurrentHashMap.newKeySet();
        private final List<Long> okAt = java.util.Collections.synchronizedList(new ArrayList<>());
        private final Thread listening = new Thread(this::listen, "listening");
        volatile boolean failed;

        Writer(String servers, String node) throws IOException {
            process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx96m",
                            "-XX:TieredStopAtLevel=1",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                            "-cp",
                            System.getProperty("java.class.path"),
                            UnitWriter.class.getName(),
                            servers,
                            node)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            listening.start();
        }

        private void listen() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    hear(line.split(" ", 2));
                }
            } catch (IOException killed) {
                failed = true;
            }
        }

        private void hear(String[] words) {
            switch (words[0]) {
                case "joined" -> members.add(words[1]);
                case "fenced" -> fenced.add(words[1]);
                case "begin", "ok", "refused", "unknown" -> said.put(words[1], words[0]);
                default -> {} // what it tries again
            }
            if (words[0].equals("ok")) {
                okAt.add(System.nanoTime());
            }
        }

        int acknowledged() {
            return okAt.size();
        }

        String member() {
            return members.get(members.size() - 1);
        }

        long longestPauseSince(long from) {
            long longest = 0;
            long last = from;
            for (long at : List.copyOf(okAt)) {
                if (at > from) {
                    longest = Math.max(longest, at - last);
                    last = at;
                }
            }
            return TimeUnit.NANOSECONDS.toMillis(longest);
        }

        void signal(String name) throws Exception {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        void kill() {
            failed |= process.isAlive();
            process.destroyForcibly();
            Interrupts.join(listening);
        }
    }
}
