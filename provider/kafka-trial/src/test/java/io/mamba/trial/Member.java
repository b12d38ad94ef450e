package io.mamba.trial;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A JVM's membership of the ownership group, polled by the test's thread. It owns lanes and reads nothing. */
final class Member implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LaneAssignor.Wishes wishes = new LaneAssignor.Wishes();
    private final Set<Integer> lanes = new TreeSet<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Consumer<ConsumerGroupMetadata> whenRevoked = metadata -> {};

    Member(Cluster kafka, String group, String topic, Map<String, Object> settings, Set<Integer> wishes) {
        this.wishes.are(wishes);
        Map<String, Object> all = new HashMap<>(Map.of(
                "group.id",
                group,
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                List.of(LaneAssignor.class.getName()),
                LaneAssignor.WISHES,
                this.wishes,
                "session.timeout.ms",
                6000,
                "heartbeat.interval.ms",
                100,
                "max.poll.interval.ms",
                60_000,
                "auto.offset.reset",
                "earliest"));
        all.putAll(settings);
        consumer = kafka.reader(all);
        consumer.subscribe(List.of(topic), new Told());
    }

    /** Polls all members by turns until it holds. */
    static void pollUntil(BooleanSupplier condition, Member... members) {
        long deadline = System.nanoTime() + Cluster.SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached: " + List.of(members));
            }
            for (Member member : members) {
                if (!member.wishes.told()) {
                    member.consumer.enforceRebalance("its wishes changed");
                }
                member.consumer.poll(Duration.ofMillis(5));
                member.consumer.pause(member.consumer.assignment());
            }
        }
    }

    Set<Integer> lanes() {
        return lanes;
    }

    List<String> told() {
        return told;
    }

    /** The generation that this member knows: the fence of its transactions. */
    ConsumerGroupMetadata fence() {
        return consumer.groupMetadata();
    }

    void wish(Set<Integer> lanesWanted) {
        wishes.are(lanesWanted);
    }

    void whenRevoked(Consumer<ConsumerGroupMetadata> action) {
        whenRevoked = action;
    }

    @Override
    public void close() {
        consumer.close();
    }

    @Override
    public String toString() {
        return "lanes " + lanes + " told " + told;
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        Set<Integer> numbers = new TreeSet<>();
        partitions.forEach(partition -> numbers.add(partition.partition()));
        return numbers;
    }

    private final class Told implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                lanes.addAll(numbers(partitions));
                told.add("assigned " + numbers(partitions));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            whenRevoked.accept(consumer.groupMetadata());
            lanes.removeAll(numbers(partitions));
            told.add("revoked " + numbers(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lanes.removeAll(numbers(partitions));
            told.add("lost " + numbers(partitions));
        }
    }
}
