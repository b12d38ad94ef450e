package io.mamba.log.file;

import io.mamba.log.Partition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The partitions by name and by the number that stands for the name in the journal. Thread-safe. */
final class PartitionTable {
    private final Set<String> keyedTopics;
    private final Map<Partition, PartitionState> byName = new ConcurrentHashMap<>();
    private final List<PartitionState> byId = new CopyOnWriteArrayList<>();

    PartitionTable(Set<String> keyedTopics) {
        this.keyedTopics = Set.copyOf(keyedTopics);
    }

    boolean keyed(Partition partition) {
        return keyedTopics.contains(partition.topic());
    }

    @Nullable
    PartitionState find(Partition partition) {
        return byName.get(partition);
    }

    /** The state of a partition, which gets the next number if it has none. */
    PartitionState named(Partition partition) {
        PartitionState known = byName.get(partition);
        return known != null ? known : add(partition);
    }

    private synchronized PartitionState add(Partition partition) {
        return byName.computeIfAbsent(partition, name -> {
            PartitionState state = new PartitionState(byId.size(), name, keyed(name));
            byId.add(state);
            return state;
        });
    }

    /** Learns from the journal or the checkpoint what a number means. */
    synchronized PartitionState define(int id, Partition partition) {
        while (byId.size() < id) {
            // A number whose definition was lost with the tail; nothing refers to it.
            byId.add(new PartitionState(byId.size(), new Partition("", -1), false));
        }
        if (id < byId.size() && byId.get(id).partition.equals(partition)) {
            byId.get(id).defined = true;
            return byId.get(id);
        }
        PartitionState state = new PartitionState(id, partition, keyed(partition));
        state.defined = true;
        if (id == byId.size()) {
            byId.add(state);
        } else {
            byId.set(id, state);
        }
        byName.put(partition, state);
        return state;
    }

    @Nullable
    PartitionState byId(int id) {
        return id >= 0 && id < byId.size() ? byId.get(id) : null;
    }

    Collection<PartitionState> all() {
        return List.copyOf(byName.values());
    }
}
