package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import io.mamba.log.Partition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class MembershipIT {
    private static final Duration SESSION = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Partition DATA = new Partition("queue.orders", 0);
    private static final AtomicInteger LOGS = new AtomicInteger();
    private static KafkaCluster cluster;

    private final String prefix = "members" + LOGS.incrementAndGet() + ".";
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void startTheBroker() {
        cluster = KafkaCluster.oneBroker();
    }

    @AfterAll
    static void stopTheBroker() {
        cluster.close();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    @Test
    void theKeeperKnowsWhoHasJoinedBeforeTheirJoinReturns() {
        Node first = join("a");
        Node second = join("b");
        Set<String> seen = first.told.members;

        assertThat(seen).containsExactlyInAnyOrder(first.member(), second.member());
        assertThat(second.told.members).as("the other is not the keeper").isEmpty();
    }

    @Test
    void twoNodesOfOneNameAreTwoMembers() {
        Node first = join("a");
        Node sameName = join("a");

        assertThat(first.member()).isNotEqualTo(sameName.member());
        assertThat(first.told.members).containsExactlyInAnyOrder(first.member(), sameName.member());
    }

    @Test
    void oneWhoLeavesIsMissedAtOnce() {
        Node first = join("a");
        Node second = join("b");
        long start = System.nanoTime();
        second.membership.close();
        long closed = System.nanoTime() - start;
        await().atMost(SESSION).until(() -> first.told.members.size() == 1);

        assertThat(first.told.members).containsExactly(first.member());
        assertThat(second.told.lost).as("it left by itself").isNull();
        System.out.printf("leaving took %d ms, and was seen after %d ms%n", closed / 1_000_000, millisSince(start));
    }

    @Test
    void anotherIsTheKeeperWhenTheKeeperLeaves() {
        Node first = join("a");
        Node second = join("b");
        long start = System.nanoTime();
        first.membership.close();
        await().atMost(SOON).until(() -> !second.told.members.isEmpty());

        assertThat(second.told.members).containsExactly(second.member());
        assertThat(first.told.keeper).isFalse();
        System.out.printf("the next keeper after %d ms%n", millisSince(start));
    }

    @Test
    void oneWhoseProcessIsKilledIsMissedAfterItsSession() throws Exception {
        Node first = join("a");
        Process other = otherProcess();
        await().atMost(SOON).until(() -> first.told.members.size() == 2);
        long start = System.nanoTime();
        other.destroyForcibly();
        await().atMost(SOON).until(() -> first.told.members.size() == 1);

        System.out.printf("a killed one is missed after %d ms, session %s%n", millisSince(start), SESSION);
    }

    @Test
    void oneThatWasStoppedBeyondItsSessionHearsThatItIsLost() throws Exception {
        Node first = join("a");
        Process other = otherProcess();
        BufferedReader said = new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8));
        String joined = said.readLine();
        signal(other, "STOP");
        await().atMost(SOON).until(() -> first.told.members.size() == 1);
        first.membership.fence(joined.substring("joined ".length()));
        signal(other, "CONT");

        assertThat(said.readLine()).startsWith("lost FENCED");
        assertThat(said.readLine()).startsWith("refused FENCED");
        assertThat(said.readLine()).startsWith("joined ").isNotEqualTo(joined);
        assertThat(said.readLine()).isEqualTo("appended");
    }

    @Test
    void oneThatWasFencedWritesNothingMoreAndHearsOfIt() {
        Node first = join("a");
        Node second = join("b");
        first.membership.fence(second.member());

        assertThatThrownBy(() -> second.append(2))
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
        await().atMost(SOON).until(() -> second.told.lost != null);
        await().atMost(SOON).until(() -> first.told.members.size() == 1);
        first.append(2);
        first.membership.fence(second.member());
        assertThat(first.log.read(Map.of(DATA, 0L), record -> {})).isNotEmpty();
    }

    @Test
    void saysWhyItCannotJoin() {
        KafkaLog log =
                open(options("a").withProperties(Map.of("session.timeout.ms", "10", "heartbeat.interval.ms", "5")));

        assertThatThrownBy(() -> log.join("a", new Told()))
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("session timeout");
    }

    private Node join(String name) {
        KafkaLog log = open(options(name));
        Told told = new Told();
        return new Node(log, told, log.join(name, told));
    }

    private KafkaLog open(KafkaLogOptions options) {
        KafkaLog log = KafkaLog.open(options, Set.of());
        open.add(log);
        return log;
    }

    private KafkaLogOptions options(String name) {
        return options(cluster.bootstrap(), name, prefix);
    }

    static KafkaLogOptions options(String bootstrap, String name, String prefix) {
        return KafkaLogOptions.of(bootstrap, name)
                .withPrefix(prefix)
                .withProperties(Map.of("session.timeout.ms", Long.toString(SESSION.toMillis())));
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private Process otherProcess() throws IOException {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherNode.class.getName(),
                        cluster.bootstrap(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        open.add(() -> other.destroyForcibly().waitFor());
        return other;
    }

    private static void signal(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    static void append(KafkaLog log, int records) {
        LogRecord record = new LogRecord(DATA, null, List.of(), new byte[1], 1);
        log.appendAndWait(Batch.of(java.util.Collections.nCopies(records, record)), Durability.DURABLE);
    }

    private record Node(KafkaLog log, Told told, Membership membership) {
        String member() {
            return membership.member();
        }

        void append(int records) {
            MembershipIT.append(log, records);
        }
    }

    /** Keeps what it was told. */
    static final class Told implements MembershipListener {
        volatile Set<String> members = Set.of();
        volatile boolean keeper;
        volatile @Nullable MambaException lost;

        @Override
        public void keeper(Set<String> all) {
            keeper = true;
            members = Set.copyOf(all);
        }

        @Override
        public void keeperNoMore() {
            keeper = false;
        }

        @Override
        public void lost(MambaException reason) {
            lost = reason;
        }
    }
}
