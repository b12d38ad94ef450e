package io.mamba.node;

import io.mamba.log.Log;
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
    private final Log log;
    private final Destinations destinations;

    TemporaryMessages(Log log, Destinations destinations) {
        this.log = log;
        this.destinations = destinations;
    }

    /** Called once, when the node opens. */
    void goLive() {
        long end = log.fence(Address.TEMPORARY);
        log.retain(Address.TEMPORARY, end, LongStream.empty().iterator());
        log.tail(Address.TEMPORARY, end, (partition, records, next) -> committed(records));
    }

    private void committed(List<StoredRecord> records) {
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
                        owner -> owner.arrived(arrived),
                        () -> drop(arrived.stream()
                                .mapToLong(StoredRecord::position)
                                .toArray())));
        drop(nobodys.build().toArray());
    }

    private void drop(long[] positions) {
        if (positions.length > 0) {
            log.release(Address.TEMPORARY, positions);
        }
    }
}
