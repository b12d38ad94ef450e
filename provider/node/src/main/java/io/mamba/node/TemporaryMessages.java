package io.mamba.node;

import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.message.MessageCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Brings the messages of temporary destinations, which share one partition, to the owners of these, and drops what is for
 * one that has ended. What an earlier process left is dropped when the node opens. Thread-safe.
 */
final class TemporaryMessages {
    private final Node node;
    private final Log log;
    private final Destinations destinations;

    TemporaryMessages(Node node, Log log) {
        this.node = node;
        this.log = log;
        this.destinations = node.destinations();
    }

    /** Called when the node opens, and again when it becomes another member of a shared log. */
    void goLive() {
        Partition own = Address.temporaryOf(node.participation().number());
        long end = log.fence(own);
        log.retain(own, end, LongStream.empty().iterator());
        node.progress().begin(own, end);
        log.tail(own, end, (partition, records, next) -> {
            committed(partition, records, next);
            node.progress().told(partition, next);
        });
    }

    private void committed(Partition partition, List<StoredRecord> records, long next) {
        Map<Address, List<StoredRecord>> byDestination = new LinkedHashMap<>();
        LongStream.Builder nobodys = LongStream.builder();
        for (StoredRecord record : records) {
            Optional<Address> destination =
                    MessageCodec.temporaryDestination(record.record()).filter(destinations::exists);
            if (destination.isPresent()) {
                byDestination
                        .computeIfAbsent(destination.get(), any -> new ArrayList<>())
                        .add(record);
            } else {
                nobodys.add(record.position());
            }
        }
        byDestination.forEach((destination, arrived) -> destinations
                .find(destination)
                .ifPresentOrElse(
                        owner -> owner.arrived(arrived, next),
                        () -> drop(
                                partition,
                                arrived.stream()
                                        .mapToLong(StoredRecord::position)
                                        .toArray())));
        drop(partition, nobodys.build().toArray());
    }

    private void drop(Partition partition, long[] positions) {
        if (positions.length > 0) {
            log.release(partition, positions);
        }
    }
}
