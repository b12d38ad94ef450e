package io.mamba.node;

import static io.mamba.node.ModelMessage.State.AVAILABLE;

import io.mamba.MambaException;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Queues and durable subscriptions are moved over what their destinations retain. */
final class ReplaySteps {
    private final World world;

    ReplaySteps(World world) {
        this.world = world;
    }

    void step() {
        List<ModelLane> there = world.model.lanes.values().stream()
                .filter(lane -> !lane.memoryOnly() && !lane.emptying && !lane.closing)
                .filter(lane -> world.node.lane(lane.id).isPresent())
                .toList();
        if (!there.isEmpty() && !Thread.holdsLock(world.node.subscriptions())) {
            move(world.any(there));
        }
    }

    private void move(ModelLane model) {
        Address address = model.id.destination();
        boolean queue = address.kind().isQueue();
        NavigableMap<Long, Envelope> history = world.model.history.getOrDefault(address, new TreeMap<>());
        StartFrom start = start(history);
        PartitionOwner owner = world.node.owner(address);
        long end = owner.fence();
        long retained = world.ask(() -> owner.inbox().ask(() -> owner.stock().from(end)));
        long first = first(start, history, end);
        long mayBeGone = world.now() - World.RETAINED.toMillis();
        Set<Long> wanted =
                history.subMap(Math.max(first, retained), Math.max(end, Math.max(first, retained))).entrySet().stream()
                        .filter(message -> model.terms.accepts(message.getValue()))
                        // What went since the last checkpoint is claimed again after a crash, but does not come back.
                        .filter(message -> message.getValue().timestamp() > mayBeGone
                                || world.engine.log().get(address.partition(), message.getKey()) != null)
                        .map(Map.Entry::getKey)
                        .filter(position -> !model.messages.containsKey(position))
                        .collect(Collectors.toCollection(TreeSet::new));
        List<ModelMessage> skipped = queue || start.kind() == StartFrom.Kind.TIME
                ? List.of()
                : model.in(AVAILABLE).stream()
                        .filter(message -> message.position < first && message.position < end)
                        .toList();
        model.emptying = true;
        model.requeued.clear();
        List<Replayed> results = new ArrayList<>();
        MambaException refusal = world.attempt(() -> results.add(
                queue
                        ? world.node.replay(address, start)
                        : world.node
                                .subscriptions()
                                .move(null, SubscriptionSpec.nameOf(model.id.subscription()), start)));
        model.emptying = false;
        if (refusal == null) {
            wanted.removeAll(model.requeued);
            wanted.removeIf(position -> isExpired(Objects.requireNonNull(history.get(position))));
            Model.check(
                    wanted.isEmpty() || start.kind() == StartFrom.Kind.TIME,
                    start + " lacks " + wanted + " in " + model);
            Model.check(results.get(0).again() == model.requeued.size(), results + " for " + model.requeued);
            Model.check(
                    world.waiting > 0
                            || skipped.stream()
                                    .noneMatch(message -> message.state == AVAILABLE && !model.isExhausted(message)),
                    start + " skipped not all of " + skipped);
        }
    }

    private boolean isExpired(Envelope message) {
        return message.expiration() != 0 && message.expiration() <= world.now();
    }

    private StartFrom start(Map<Long, Envelope> history) {
        return switch (world.random.nextInt(5)) {
            case 0 -> StartFrom.LATEST;
            case 1 -> StartFrom.time(Instant.ofEpochMilli(world.now() - world.random.nextInt(3000)));
            case 2 ->
                history.isEmpty() ? StartFrom.EARLIEST : StartFrom.position(world.any(List.copyOf(history.keySet())));
            default -> StartFrom.EARLIEST;
        };
    }

    /** The position from which on messages are wanted. */
    private static long first(StartFrom start, Map<Long, Envelope> history, long end) {
        return switch (start.kind()) {
            case EARLIEST -> 0;
            case LATEST -> end;
            case POSITION -> start.value();
            case TIME ->
                history.entrySet().stream()
                        .filter(message -> message.getValue().timestamp() >= start.value())
                        .mapToLong(Map.Entry::getKey)
                        .min()
                        .orElse(end);
        };
    }
}
