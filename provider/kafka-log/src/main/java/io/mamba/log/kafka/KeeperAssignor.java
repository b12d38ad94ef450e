package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;

/**
 * Assigns nothing: the group's protocol is all that is wanted of it. Each member says its name when it joins, and the
 * leader learns all names before any of them knows that it has joined. Public only because Kafka makes it; called by the
 * member's thread, inside its poll.
 */
public final class KeeperAssignor implements ConsumerPartitionAssignor, Configurable {
    static final String SEAT = "mamba.seat";

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private @org.jspecify.annotations.Nullable Seat seat;

    /** Where what happens to a member of the group goes. */
    interface Seat {
        String member();

        /** It is about to say its name: a new round begins. */
        void joining();

        void leads(Set<String> members);

        /**
         * It has joined, and the leader knows.
         *
         * @param id another one than before if the group had dropped it in between
         */
        void seated(String id);
    }

    @Override
    public void configure(Map<String, ?> settings) {
        seat = (Seat) settings.get(SEAT);
    }

    private Seat seat() {
        return java.util.Objects.requireNonNull(seat, SEAT);
    }

    @Override
    public String name() {
        return "mamba-keeper";
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        seat().joining();
        return ByteBuffer.wrap(seat().member().getBytes(UTF_8));
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
        Set<String> members = new TreeSet<>();
        Map<String, Assignment> nothing = new HashMap<>();
        group.groupSubscription().forEach((id, subscription) -> {
            members.add(UTF_8.decode(subscription.userData().duplicate()).toString());
            nothing.put(id, new Assignment(List.of(), NOTHING));
        });
        seat().leads(members);
        return new GroupAssignment(nothing);
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        seat().seated(metadata.memberId());
    }
}
