package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the messages of a destination are: in a topic of its own, or in one that other programs have created and that it
 * was bound to. Thread-safe.
 */
final class Bindings {
    private final Map<Address, String> topics = new ConcurrentHashMap<>();

    void put(Address address, String topic) {
        topics.put(address, topic);
    }

    void remove(Address address) {
        topics.remove(address);
    }

    /** The foreign topic that a destination is bound to, as it is called in the cluster; empty for all others. */
    Optional<String> topicOf(Address address) {
        return Optional.ofNullable(topics.get(address));
    }

    static Partition foreign(String topic) {
        return new Partition(Partition.FOREIGN + topic, 0);
    }

    /** The partition of the log that holds a destination's messages. */
    Partition partitionOf(Address address) {
        String topic = topics.get(address);
        return topic == null ? address.partition() : foreign(topic);
    }

    /** The destination whose messages a partition holds; empty for Mamba's own and for foreign ones that none is bound to. */
    Optional<Address> destinationOf(Partition partition) {
        return partition.isForeign() ? boundTo(partition) : Address.of(partition);
    }

    private Optional<Address> boundTo(Partition partition) {
        return topics.entrySet().stream()
                .filter(entry -> foreign(entry.getValue()).equals(partition))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** @throws MambaException ILLEGAL_STATE if another destination is bound to the topic */
    void checkFree(Address address, String topic) {
        boundTo(foreign(topic)).ifPresent(other -> {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Expected a topic for " + address + " that no destination is bound to, but " + other
                            + " is bound to '" + topic + "'.");
        });
    }
}
