package io.mamba.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Gives each lane (a partition of a topic that stands for them) to a member that wants it, cooperatively: a lane stays
 * where it is while that member wants it, and is given to another only after its owner has let go of it.
 */
public final class LaneAssignor implements ConsumerPartitionAssignor, Configurable {
    /** The setting that holds the member's {@link Wishes}. */
    static final String WISHES = "mamba.trial.wishes";

    private Wishes wishes = new Wishes();

    @Override
    public void configure(Map<String, ?> settings) {
        wishes = (Wishes) requireNonNull(settings.get(WISHES));
    }

    @Override
    public String name() {
        return "mamba-lanes";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    /** Asked at every join: the wishes of now. */
    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return UTF_8.encode(wishes.join().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
        List<Candidate> candidates = new ArrayList<>();
        Set<String> topics = new TreeSet<>();
        group.groupSubscription().forEach((member, subscription) -> {
            candidates.add(new Candidate(member, subscription));
            topics.addAll(subscription.topics());
        });
        candidates.sort(Comparator.comparing(candidate -> candidate.member));
        for (String topic : topics) {
            for (int lane = 0; lane < metadata.partitionsForTopic(topic).size(); lane++) {
                TopicPartition partition = new TopicPartition(topic, lane);
                Candidate owner = owner(partition, candidates);
                Candidate next = next(String.valueOf(lane), owner, candidates);
                if (owner == null || owner == next) {
                    next.given.add(partition);
                }
            }
        }
        return new GroupAssignment(
                candidates.stream().collect(Collectors.toMap(candidate -> candidate.member, Candidate::assignment)));
    }

    /** A member that missed a rebalance may still claim what another got meanwhile: the highest generation is right. */
    private static @Nullable Candidate owner(TopicPartition partition, List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.owned.contains(partition))
                .max(Comparator.comparingInt(candidate -> candidate.generation))
                .orElse(null);
    }

    private static Candidate next(String lane, @Nullable Candidate owner, List<Candidate> candidates) {
        List<Candidate> willing = candidates.stream()
                .filter(candidate -> candidate.wished.contains(lane))
                .toList();
        List<Candidate> eligible = willing.isEmpty() ? candidates : willing;
        if (owner != null && eligible.contains(owner)) {
            return owner;
        }
        return eligible.stream()
                .min(Comparator.comparingInt(candidate -> candidate.given.size()))
                .orElseThrow();
    }

    /**
     * Which lanes a member wants, and what it told the group last: to ask for a rebalance while one is under way does
     * nothing, so that it must be asked for again until the group was told the wishes of now.
     */
    static final class Wishes {
        private Set<Integer> now = Set.of();
        private Set<Integer> told = Set.of();

        synchronized void are(Set<Integer> lanes) {
            now = Set.copyOf(lanes);
        }

        synchronized Set<Integer> join() {
            told = now;
            return told;
        }

        synchronized boolean told() {
            return told.equals(now);
        }
    }

    /** What a member brings to a rebalance, and what it is given. */
    private static final class Candidate {
        private final String member;
        private final Set<String> wished;
        private final List<TopicPartition> owned;
        private final int generation;
        private final List<TopicPartition> given = new ArrayList<>();

        Candidate(String member, Subscription subscription) {
            this.member = member;
            ByteBuffer data = subscription.userData();
            this.wished = data == null
                    ? Set.of()
                    : Set.of(UTF_8.decode(data.duplicate()).toString().split(",", -1));
            this.owned = subscription.ownedPartitions();
            this.generation = subscription.generationId().orElse(-1);
        }

        Assignment assignment() {
            return new Assignment(given);
        }
    }
}
