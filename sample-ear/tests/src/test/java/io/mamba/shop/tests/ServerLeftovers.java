package io.mamba.shop.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;

/**
 * What of Mamba a server's JVM holds, after a collection of garbage.
 *
 * @param objects how many there are of what an adapter has once
 * @param classes how often the adapter's classes are loaded
 * @param threads how many threads do a log's own work
 * @param files the log's files that are open
 * @param beans Mamba's MBeans
 */
record ServerLeftovers(TreeMap<String, Long> objects, long classes, int threads, Set<String> files, Set<String> beans) {

    private static final Set<String> ONCE = Set.of(
            "io.mamba.ra.MambaResourceAdapter",
            "io.mamba.ra.RecoveryResource",
            "io.mamba.node.Node",
            "io.mamba.log.file.FileLog");
    private static final Pattern COUNTED = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    /** @param log the directory of the log */
    static ServerLeftovers of(ServerJvm jvm, Path log) throws IOException, JMException {
        MBeanServerConnection server = jvm.connection();
        jvm.collectGarbage();
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        return new ServerLeftovers(
                counted(diagnostics(server, "gcClassHistogram")),
                diagnostics(server, "vmClassHierarchy", "io.mamba.ra.MambaResourceAdapter")
                        .lines()
                        .filter(line -> line.contains("MambaResourceAdapter"))
                        .count(),
                (int) Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds(), Integer.MAX_VALUE))
                        .filter(Objects::nonNull)
                        .filter(ServerLeftovers::worksForALog)
                        .count(),
                open(jvm.pid(), log),
                server.queryNames(new ObjectName("io.mamba:*"), null).stream()
                        .map(ObjectName::getCanonicalName)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A thread that the server lends, or one of Mamba's own. */
    private static boolean worksForALog(ThreadInfo thread) {
        return thread.getThreadName().startsWith("mamba-")
                || Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals("io.mamba.ra.LentThread"));
    }

    private static String diagnostics(MBeanServerConnection server, String operation, String... arguments)
            throws IOException, JMException {
        return (String) server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                operation,
                new Object[] {arguments},
                new String[] {String[].class.getName()});
    }

    /** The same class of two class loaders has two lines. */
    private static TreeMap<String, Long> counted(String histogram) {
        TreeMap<String, Long> counted = new TreeMap<>();
        for (String line : histogram.split("\n", -1)) {
            Matcher matcher = COUNTED.matcher(line);
            if (matcher.matches() && ONCE.contains(matcher.group(2))) {
                counted.merge(matcher.group(2), Long.valueOf(matcher.group(1)), Long::sum);
            }
        }
        return counted;
    }

    private static Set<String> open(long pid, Path log) throws IOException {
        try (Stream<Path> handles = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return handles.map(ServerLeftovers::target)
                    .filter(file -> file.startsWith(log.toString()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String target(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (NoSuchFileException closed) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
