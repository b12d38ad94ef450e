package io.mamba.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What several nodes share, for tests: the records, who takes part, who owns what. Without files, threads or time: what
 * follows from a call happens in the calling thread before it returns, one thing after the other, but for what a test
 * holds back by {@link ClusterLog}. Positions have gaps, behind which a fence may lie.
 *
 * <p>Thread-safe by its monitor; listeners are told outside it.
 */
public final class InMemoryCluster {
    final Set<String> keyedTopics;
    private final Map<Partition, Contents> partitions = new LinkedHashMap<>();
    private final Map<String, Owner> owners = new HashMap<>();
    /** In the order of joining: the first is the keeper. */
    private final List<ClusterLog> members = new ArrayList<>();

    private final List<ClusterLog> logs = new ArrayList<>();
    private final Deque<Runnable> todo = new ArrayDeque<>();
    private boolean working;
    private long epochs;
    private long joined;

    /** @param keyedTopics which topics' partitions keep the last record of each key */
    public InMemoryCluster(Set<String> keyedTopics) {
        this.keyedTopics = Set.copyOf(keyedTopics);
    }

    /** The log as one node has it. */
    public synchronized ClusterLog open() {
        ClusterLog log = new ClusterLog(this);
        logs.add(log);
        return log;
    }

    /** The records of a partition, in order: for assertions. */
    public synchronized List<StoredRecord> contents(Partition partition) {
        return List.copyOf(of(partition).records.values());
    }

    // ---- what the logs do, in the monitor ------------------------------------------------------------------------

    static final class Contents {
        final TreeMap<Long, StoredRecord> records = new TreeMap<>();
        long end;
        /** Before it there is only what was retained. */
        long cut;
    }

    record Owner(Ownership ownership, ClusterLog log, Consumer<Ownership> lost) {}

    Contents of(Partition partition) {
        return partitions.computeIfAbsent(partition, any -> new Contents());
    }

    Set<Partition> partitions() {
        return Set.copyOf(partitions.keySet());
    }

    void delete(String topic) {
        partitions.keySet().removeIf(partition -> partition.topic().equals(topic));
    }

    boolean owns(Ownership ownership) {
        Owner owner = owners.get(ownership.name());
        return owner != null && owner.ownership.equals(ownership);
    }

    long[] store(List<LogRecord> records) {
        long[] positions = new long[records.size()];
        for (int i = 0; i < positions.length; i++) {
            LogRecord record = records.get(i);
            Contents contents = of(record.partition());
            positions[i] = contents.end;
            contents.records.put(contents.end, new StoredRecord(contents.end, record));
            contents.end++;
        }
        // A transaction's mark takes a position too.
        if (positions.length > 1) {
            records.stream().map(LogRecord::partition).distinct().forEach(partition -> of(partition).end++);
        }
        logs.forEach(ClusterLog::tellAll);
        return positions;
    }

    Ownership acquire(ClusterLog log, String name, Consumer<Ownership> lost) {
        Ownership ownership = new Ownership(name, ++epochs);
        Owner earlier = owners.put(name, new Owner(ownership, log, lost));
        if (earlier != null) {
            earlier.log.later(() -> earlier.lost.accept(earlier.ownership));
        }
        return ownership;
    }

    void release(Ownership ownership) {
        if (owns(ownership)) {
            owners.remove(ownership.name());
        }
    }

    String join(ClusterLog log, String node) {
        members.add(log);
        return node + "#" + ++joined;
    }

    void leave(ClusterLog log) {
        boolean kept = isKeeper(log);
        if (members.remove(log)) {
            if (kept) {
                log.tellKeeperNoMore();
            }
            tellKeeper();
        }
    }

    boolean isKeeper(ClusterLog log) {
        return !members.isEmpty() && members.get(0) == log;
    }

    void tellKeeper() {
        if (!members.isEmpty()) {
            members.get(0).tellKeeper(members.stream().map(ClusterLog::member).collect(Collectors.toSet()));
        }
    }

    void fence(String member) {
        for (ClusterLog log : logs) {
            if (log.hasBeen(member)) {
                log.fenced(member);
            }
        }
    }

    void todo(Runnable task) {
        todo.add(task);
    }

    // ---- outside the monitor --------------------------------------------------------------------------------------

    /** Does what is to do, unless another thread is at it. */
    void work() {
        while (true) {
            Runnable next;
            synchronized (this) {
                if (working || todo.isEmpty()) {
                    return;
                }
                working = true;
                next = todo.remove();
            }
            try {
                next.run();
            } finally {
                synchronized (this) {
                    working = false;
                }
            }
        }
    }
}
