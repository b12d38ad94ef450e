package io.mamba.failures;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Traffic, a failure, and traffic until all goes on as before. Used by one thread. */
final class Round {
    private final Site site;
    private final @Nullable Namespace namespace;
    private final int number;
    private long againMillis = -1;

    Round(Site site, @Nullable Namespace namespace, int number) {
        this.site = site;
        this.namespace = namespace;
        this.number = number;
    }

    Results.Times run(Failure failure) throws Exception {
        long began = System.nanoTime();
        site.tellAll("send");
        site.awaitProgress(site.jvms);
        List<Jvm> before = List.copyOf(site.jvms);
        long failedAt = System.nanoTime();
        @Nullable Jvm victim = befall(failure);
        site.awaitProgress(site.jvms);
        long over = System.nanoTime();
        long sending = before.stream()
                .filter(jvm -> jvm != victim)
                .mapToLong(jvm -> jvm.longestPauseMillis(failedAt, over))
                .max()
                .orElse(0);
        long output = site.observed.longestPauseMillis(failedAt, over);
        site.awaitRest();
        return new Results.Times(
                sending, output, againMillis, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }

    /** The JVM that failed, if it was one. */
    private @Nullable Jvm befall(Failure failure) throws Exception {
        int leader = site.cluster.leader(Site.PREFIX + "mamba.events", 0);
        switch (failure) {
            case LEADER_KILLED -> kill(leader);
            case COORDINATOR_KILLED -> kill(site.cluster.transactionCoordinator(branchesOf("n" + (number % 3 + 1))));
            case CONTROLLER_KILLED -> kill(site.cluster.activeController());
            case TWO_BROKERS_KILLED -> kill(leader, leader % 3 + 1);
            case ROLLING_RESTART -> {
                for (int broker = 1; broker <= site.cluster.size(); broker++) {
                    site.cluster.stop(broker);
                    site.cluster.restart(broker);
                    site.cluster.awaitReady();
                }
            }
            case JVM_KILLED_OPEN -> {
                return killJvm(Holding.Where.OPEN, site.jvms.get(number % 3));
            }
            case JVM_KILLED_PREPARED -> {
                return killJvm(Holding.Where.PREPARED, site.jvms.get(number % 3));
            }
            case JVM_STOPPED -> {
                Jvm stopped = site.jvms.get(number % 3);
                return away(stopped, () -> stopped.signal("STOP"), () -> stopped.signal("CONT"));
            }
            case JVM_CUT_OFF -> {
                Namespace network = java.util.Objects.requireNonNull(namespace);
                return away(site.last(), network::cut, network::heal);
            }
        }
        return null;
    }

    private void kill(int... brokers) {
        Arrays.stream(brokers).forEach(site.cluster::kill);
        if (brokers.length == 1) {
            site.awaitProgress(site.jvms);
        }
        Arrays.stream(brokers).forEach(site.cluster::restart);
        site.cluster.awaitReady();
    }

    /** The transactional id under which a node writes its branches: all prepares and decisions. */
    private static String branchesOf(String node) {
        return Site.PREFIX + "mamba.owner.branches/" + node;
    }

    /** Kills it while it holds something, and starts it anew when others have finished that. */
    private Jvm killJvm(Holding.Where where, Jvm victim) throws IOException {
        List<String> held = hold(where, victim);
        long killedAt = System.nanoTime();
        victim.kill();
        if (where == Holding.Where.PREPARED) {
            site.others(victim).forEach(jvm -> jvm.tell("finish " + victim.node() + " " + victim.decisions()));
        }
        awaitPassedOn(held, killedAt);
        if (where == Holding.Where.PREPARED) {
            site.others(victim).forEach(jvm -> jvm.tell("finished"));
        }
        site.replace(victim);
        return victim;
    }

    /** Away until others have passed on what it held; then it is back and commits, too late. */
    private Jvm away(Jvm victim, Runnable leaving, Runnable back) {
        List<String> held = hold(Holding.Where.OPEN, victim);
        long leftAt = System.nanoTime();
        leaving.run();
        try {
            awaitPassedOn(held, leftAt);
        } finally {
            back.run();
        }
        victim.tell("go");
        return victim;
    }

    /** What is to be heard of others when they have passed on what the threads of this one hold now. */
    private List<String> hold(Holding.Where where, Jvm victim) {
        victim.tell("hold " + where);
        await("all held").atMost(Site.SOON).until(() -> victim.held().size() == (where == Holding.Where.OPEN ? 4 : 2));
        List<String> events = new ArrayList<>();
        for (String held : victim.held()) {
            String[] words = held.split(" ");
            Stream<String> names = Arrays.stream(words).skip(1);
            events.addAll(
                    switch (words[0]) {
                        case "in" -> names.map(message -> "passed " + message).toList();
                        case "middle" -> names.map(message -> "out " + message).toList();
                        default ->
                            names.flatMap(transaction -> Stream.of(
                                            "finished " + transaction + "/1", "finished " + transaction + "/2"))
                                    .toList();
                    });
        }
        return events;
    }

    private void awaitPassedOn(List<String> events, long since) {
        await("what was held is passed on by others")
                .atMost(Site.SOON)
                .until(() -> site.observed.missing(events).isEmpty());
        againMillis = site.observed.lastMillis(events, since);
    }
}
