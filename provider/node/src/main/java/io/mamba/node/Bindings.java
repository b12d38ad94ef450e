package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Where the messages of a destination are: in a topic of its own, or in one that other programs have created and that it
 * was bound to; and in how many partitions of that. Thread-safe.
 */
final class Bindings {
    private final Map<Address, String> topics = new ConcurrentHashMap<>();
    /** Of those that have several partitions. */
    private final Map<Address, Integer> counts = new ConcurrentHashMap<>();

    void put(Address address, String topic) {
        topics.put(address, topic);
    }

    void remove(Address address) {
        topics.remove(address);
        counts.remove(address);
    }

    /** Said before the destination is made. */
    void partitions(Address address, int count) {
        if (count > 1) {
            counts.put(address, count);
        }
    }

    /** How many partitions a destination has. */
    int partitions(Address address) {
        return counts.getOrDefault(address, 1);
    }

    /** The parts of a destination: itself, if it has one partition. */
    List<Address> parts(Address address) {
        return IntStream.range(0, partitions(address)).mapToObj(address::part).toList();
    }

    /** The foreign topic that a destination is bound to, as it is called in the cluster; empty for all others. */
    Optional<String> topicOf(Address address) {
        return Optional.ofNullable(topics.get(address));
    }

    static Partition foreign(String topic, int number) {
        return new Partition(Partition.FOREIGN + topic, number);
    }

    /** The partition of the log that holds the messages of a destination's part. */
    Partition partitionOf(Address part) {
        String topic = topics.get(part.whole());
        return topic == null ? part.partition() : foreign(topic, part.part());
    }

    /** The destination's part whose messages a partition holds; empty for Mamba's own and for foreign ones that none is bound to. */
    Optional<Address> destinationOf(Partition partition) {
        return partition.isForeign() ? boundTo(partition) : Address.of(partition);
    }

    private Optional<Address> boundTo(Partition partition) {
        return topics.entrySet().stream()
                .filter(entry -> foreign(entry.getValue(), partition.number()).equals(partition))
                .map(entry -> entry.getKey().part(partition.number()))
                .findFirst();
    }

    /** @throws MambaException ILLEGAL_STATE if another destination is bound to the topic */
    void checkFree(Address address, String topic) {
        boundTo(foreign(topic, 0)).ifPresent(other -> {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Expected a topic for " + address + " that no destination is bound to, but " + other
                            + " is bound to '" + topic + "'.");
        });
    }
}
