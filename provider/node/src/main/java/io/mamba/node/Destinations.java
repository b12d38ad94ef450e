package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.message.Address;
import io.mamba.queue.QueueState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which destinations there are, and the owner of each one's partition. Thread-safe. */
public final class Destinations {
    private final Node node;
    private final boolean autoCreate;
    private final Map<Address, PartitionOwner> owners = new ConcurrentHashMap<>();

    Destinations(Node node, boolean autoCreate) {
        this.node = node;
        this.autoCreate = autoCreate;
    }

    /** An owner that recovery has built. */
    void restore(PartitionOwner owner) {
        owners.put(owner.address(), owner);
    }

    Collection<PartitionOwner> owners() {
        return owners.values();
    }

    /** Always in the same order, so that a run can be repeated. */
    List<PartitionOwner> ownersInOrder() {
        return owners.values().stream()
                .sorted(Comparator.comparing(PartitionOwner::address))
                .toList();
    }

    public List<Address> addresses() {
        return owners.keySet().stream().sorted().toList();
    }

    /** The owner of an existing destination, or of one that is created by this use. */
    PartitionOwner owner(Address address) {
        PartitionOwner owner = owners.get(address);
        if (owner != null) {
            return owner;
        }
        if (address.kind().isTemporary()) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    address + " does not exist any more: its connection has deleted it.");
        }
        if (!autoCreate) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    address
                            + " does not exist, and autoCreate=false: create it by MambaAdmin, or allow automatic creation.");
        }
        return create(address);
    }

    /** As {@link #owner}, for those outside: INVALID_DESTINATION if it does not exist and is not created by this. */
    public void use(Address address) {
        owner(address);
    }

    /** Creates a destination, durably if it is not a temporary one. Nothing if it exists. */
    public void ensure(Address address) {
        if (!owners.containsKey(address)) {
            create(address);
        }
    }

    private PartitionOwner create(Address address) {
        boolean[] created = new boolean[1];
        PartitionOwner owner = owners.computeIfAbsent(address, absent -> {
            created[0] = true;
            PartitionOwner fresh = new PartitionOwner(absent, node);
            if (absent.kind().isQueue()) {
                SubscriptionTerms terms =
                        absent.kind().isTemporary() ? SubscriptionTerms.TEMPORARY_QUEUE : SubscriptionTerms.QUEUE;
                Lane lane = new Lane(LaneId.of(absent), fresh, new QueueState(node.settings(absent)), terms, 0, 0);
                fresh.inbox().execute(() -> fresh.add(lane));
                node.register(lane);
            }
            fresh.goLive();
            return fresh;
        });
        if (created[0] && !address.kind().isTemporary()) {
            node.appendState(
                    List.of(StateRecords.destination(address, node.now().toEpochMilli())), Durability.WRITTEN);
        }
        return owner;
    }

    /** A temporary destination ends; what it holds goes. */
    public void end(Address temporary) {
        PartitionOwner owner = owners.remove(temporary);
        if (owner != null) {
            for (Lane lane : owner.lanes()) {
                node.unregister(lane);
            }
            owner.end();
            node.log()
                    .retain(
                            owner.partition(),
                            node.log().end(owner.partition()),
                            java.util.stream.LongStream.empty().iterator());
        }
    }
}
