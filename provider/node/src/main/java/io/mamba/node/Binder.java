package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Binds destinations to topics of other programs. Called by one thread at a time. */
final class Binder {
    private final Node node;
    private final Bindings bindings;

    Binder(Node node, Bindings bindings) {
        this.node = node;
        this.bindings = bindings;
    }

    /**
     * Durable on return; what the destination's parts begin with.
     *
     * @throws MambaException as {@link Destinations#bind}
     */
    Map<Address, StateRecords.Fences> bind(Address address, String topic, StartFrom from) {
        bindings.checkFree(address, topic);
        if (node.branches().hasPreparedFor(address)) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Transaction branches in doubt have messages for " + address
                            + ": let their transaction manager finish them, then bind it.");
        }
        int count = node.log().create(Bindings.foreign(topic, 0).topic(), 1);
        long events = node.log().fence(StateRecords.EVENTS);
        long now = node.now().toEpochMilli();
        Map<Address, StateRecords.Fences> begin = new LinkedHashMap<>();
        for (int number = 0; number < count; number++) {
            long first = begin(address, Bindings.foreign(topic, number), count, from);
            begin.put(address.part(number), new StateRecords.Fences(first, events));
        }
        List<LogRecord> records = new ArrayList<>();
        begin.forEach((part, fences) -> records.add(StateRecords.former(part, fences, now)));
        records.add(StateRecords.destination(address, DestinationSettings.NONE, topic, count, now));
        node.appendState(Batch.of(records), Durability.DURABLE);
        bindings.put(address, topic);
        bindings.partitions(address, count);
        return begin;
    }

    private long begin(Address address, Partition partition, int count, StartFrom from) {
        if (from.kind() == StartFrom.Kind.POSITION && count > 1) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A position is one of one partition, but the topic of " + address + " has " + count
                            + ": bind it with earliest or latest.");
        }
        if (address.kind() == Address.Kind.TOPIC) {
            return node.log().fence(partition);
        }
        return switch (from.kind()) {
            case EARLIEST -> 0;
            case LATEST -> node.log().fence(partition);
            case POSITION -> Math.min(from.value(), node.log().fence(partition));
            case TIME ->
                throw new MambaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "A bound queue begins with earliest, latest or a position, not at a time: bind " + address
                                + " with latest, then replay it from " + from + ".");
        };
    }
}
