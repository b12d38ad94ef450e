package io.mamba.node;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.queue.Decision;
import io.mamba.queue.Load;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;

/**
 * Moves the oldest messages of a full destination to its dead-letter queue: those that wait with every subscription that
 * needs them, a copy for each. Any thread; blocks on the log.
 */
final class OldestOut {
    /** So many at once, as their copies have to fit into memory and into one batch. */
    private static final int MOST_AT_ONCE = 100;

    private final PartitionOwner owner;
    private final Appender appender;

    OldestOut(PartitionOwner owner, Appender appender) {
        this.owner = owner;
        this.appender = appender;
    }

    /** Moves out as much, or a part of it. @return false if there is nothing that can go */
    boolean makeRoom(Load missing) {
        List<LaneWork> works = new ArrayList<>();
        Map<Lane, long[]> chosen = owner.inbox().ask(() -> {
            Map<Lane, long[]> oldest = choose(missing);
            oldest.forEach((lane, positions) -> {
                if (!lane.isShared()) {
                    works.add(work(lane, lane.decideHere(bury(QueueState.MEMBER_ITSELF, positions))));
                }
            });
            return oldest;
        });
        if (chosen.isEmpty()) {
            return false;
        }
        chosen.forEach((lane, positions) -> {
            if (lane.isShared()) {
                claimAndBury(lane, positions, works);
            }
        });
        appender.append(List.of(), works, Durability.DURABLE, Batch.Purpose.MOVING);
        owner.catchUp();
        return true;
    }

    private void claimAndBury(Lane lane, long[] positions, List<LaneWork> works) {
        long holder = owner.newHolder();
        long[] claimed = lane.claimNow(holder, new QueueCommand.Claim(holder, positions));
        if (claimed != null && claimed.length > 0) {
            works.add(work(lane, lane.decide(bury(holder, claimed))));
        }
    }

    private QueueCommand bury(long holder, long[] positions) {
        String cause = owner.address().whole() + " was full, and this was among its oldest messages.";
        return new QueueCommand.Bury(holder, positions, cause);
    }

    private static LaneWork work(Lane lane, Decision decision) {
        return new LaneWork(lane, QueueState.MEMBER_ITSELF, decision);
    }

    private Map<Lane, long[]> choose(Load missing) {
        List<Lane> lanes = List.copyOf(owner.lanesHere());
        List<Heads> heads =
                lanes.stream().map(lane -> new Heads(lane.state().oldest())).toList();
        Map<Lane, List<Long>> chosen = new LinkedHashMap<>();
        Load left = missing;
        for (int count = 0; count < MOST_AT_ONCE && (left.messages() > 0 || left.bytes() > 0); ) {
            long position = heads.stream().mapToLong(head -> head.next).min().orElse(Long.MAX_VALUE);
            if (position == Long.MAX_VALUE) {
                break;
            }
            boolean waitsEverywhere = true;
            for (int i = 0; i < lanes.size(); i++) {
                waitsEverywhere &=
                        heads.get(i).next == position || !lanes.get(i).state().holds(position);
            }
            for (int i = 0; i < lanes.size(); i++) {
                if (heads.get(i).next == position) {
                    heads.get(i).advance();
                    if (waitsEverywhere) {
                        chosen.computeIfAbsent(lanes.get(i), lane -> new ArrayList<>())
                                .add(position);
                    }
                }
            }
            if (waitsEverywhere) {
                count++;
                left = left.minus(owner.load(new long[] {position}));
            }
        }
        Map<Lane, long[]> arrays = new LinkedHashMap<>();
        chosen.forEach((lane, positions) ->
                arrays.put(lane, positions.stream().mapToLong(Long::longValue).toArray()));
        return arrays;
    }

    /** A lane's oldest messages, with the next one known. */
    private static final class Heads {
        private final PrimitiveIterator.OfLong positions;
        private long next;

        Heads(PrimitiveIterator.OfLong positions) {
            this.positions = positions;
            advance();
        }

        void advance() {
            next = positions.hasNext() ? positions.nextLong() : Long.MAX_VALUE;
        }
    }
}
