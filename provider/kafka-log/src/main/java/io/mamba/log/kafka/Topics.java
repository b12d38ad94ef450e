package io.mamba.log.kafka;

import static java.util.Objects.requireNonNull;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The topics of the log in the cluster: which there are, what they take, where they end. Thread-safe. */
final class Topics {
    private static final String MOST_BYTES = "max.message.bytes";
    private static final String ALL_TIME = String.valueOf(Long.MAX_VALUE);

    /**
     * Deleted by nobody but Mamba. An empty cleanup policy would say the same, but brokers before 4.2 do not know it; and a
     * record's time is that of its sender, whose clock the broker has no reason to judge.
     */
    private static final Map<String, String> PLAIN = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "segment.bytes", String.valueOf(128 << 20), // what was trimmed goes by whole segments
            "message.timestamp.type", "CreateTime",
            "message.timestamp.after.max.ms", ALL_TIME);

    private static final Map<String, String> KEYED = Map.of(
            "cleanup.policy",
            "compact",
            "segment.bytes",
            String.valueOf(64 << 20), // the last segment is not compacted
            "message.timestamp.type",
            "CreateTime",
            "message.timestamp.after.max.ms",
            ALL_TIME);

    /** How often brokers are asked for what one of them has said to be there: five seconds. */
    private static final int ATTEMPTS = 1_000;

    private static final long PAUSE = 5_000_000;

    private final Admin admin;
    private final TopicNames names;
    private final Set<String> keyed;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Runnable onCreated = () -> {};

    /** @param partitions how many there were when last asked */
    private record Known(int partitions, long mostBytes, Uuid id) {}

    Topics(Admin admin, TopicNames names, Set<String> keyed) {
        this.admin = admin;
        this.names = names;
        this.keyed = keyed;
    }

    /** To be told of each topic that this makes. */
    void onCreated(Runnable listener) {
        onCreated = listener;
    }

    TopicNames names() {
        return names;
    }

    boolean isKeyed(String topic) {
        return keyed.contains(topic);
    }

    /** As {@code Log.create}. */
    int create(String topic, int partitions) {
        boolean foreign = topic.startsWith(Partition.FOREIGN);
        if (foreign) {
            checkForeign(names.kafka(topic));
        }
        OptionalInt there = partitionsOf(topic);
        if (there.isPresent()) {
            return there.getAsInt();
        }
        if (foreign) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    "The Kafka cluster has no topic '" + names.kafka(topic)
                            + "': create it there, or use a destination that is not bound to one.");
        }
        NewTopic wanted = new NewTopic(names.kafka(topic), Optional.of(partitions), Optional.empty())
                .configs(isKeyed(topic) ? KEYED : PLAIN);
        try {
            Clients.answer(admin.createTopics(List.of(wanted)).all());
        } catch (ExecutionException failure) {
            if (!(KafkaErrors.causeOf(failure) instanceof TopicExistsException)) {
                throw KafkaErrors.translate(failure, Doing.CREATE, topic);
            }
        }
        int count = awaitPartitions(topic);
        onCreated.run();
        return count;
    }

    private void checkForeign(String name) {
        if (!TopicNames.isLegal(name)) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT, "'" + name + "' is no name that a topic of Kafka can have.");
        }
        if (name.startsWith("__") || names.log(name).filter(Topics::isOfALog).isPresent()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The topic '" + name + "' is " + (name.startsWith("__") ? "Kafka's" : "this log's")
                            + " own and cannot be bound; name one that another program has created.");
        }
    }

    /** As {@code Log.delete}. */
    void delete(String topic) {
        try {
            Clients.answer(admin.deleteTopics(List.of(names.kafka(topic))).all());
        } catch (ExecutionException failure) {
            if (!(KafkaErrors.causeOf(failure) instanceof UnknownTopicOrPartitionException)) {
                throw KafkaErrors.translate(failure, Doing.CREATE, topic);
            }
        }
        known.remove(topic);
    }

    /** The controller has made it; the broker that is asked may hear of it a moment later. */
    private int awaitPartitions(String topic) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OptionalInt found = partitionsOf(topic);
            if (found.isPresent()) {
                return found.getAsInt();
            }
            LockSupport.parkNanos(PAUSE);
        }
        throw new MambaException(
                ErrorCode.UNAVAILABLE,
                "The Kafka cluster has created the topic '" + names.kafka(topic) + "' but does not know it yet.");
    }

    /** Makes the topic of a record that comes before anybody has created it. Does not ask for what is known. */
    void ensure(Partition partition) {
        Known there = known.get(partition.topic());
        if (there == null || there.partitions() <= partition.number()) {
            int count = create(partition.topic(), partition.number() + 1);
            if (count <= partition.number()) {
                throw new MambaException(
                        ErrorCode.INVALID_DESTINATION,
                        "The topic '" + names.kafka(partition.topic()) + "' has " + count
                                + " partitions, none of number " + partition.number() + ".");
            }
        }
    }

    /** Whether the partition is there; asks the cluster unless it was there before. */
    boolean exists(Partition partition) {
        Known there = known.get(partition.topic());
        if (there != null && there.partitions() > partition.number()) {
            return true;
        }
        OptionalInt count = partitionsOf(partition.topic());
        return count.isPresent() && count.getAsInt() > partition.number();
    }

    private OptionalInt partitionsOf(String topic) {
        String name = names.kafka(topic);
        try {
            TopicDescription description = requireNonNull(
                    Clients.answer(admin.describeTopics(List.of(name)).allTopicNames())
                            .get(name));
            int count = description.partitions().size();
            known.put(topic, new Known(count, mostBytes(topic), description.topicId()));
            return OptionalInt.of(count);
        } catch (ExecutionException failure) {
            if (KafkaErrors.causeOf(failure) instanceof UnknownTopicOrPartitionException) {
                known.remove(topic);
                return OptionalInt.empty();
            }
            throw KafkaErrors.translate(failure, Doing.CREATE, topic);
        }
    }

    private long mostBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, names.kafka(topic));
        try {
            Config config = Clients.answer(
                            admin.describeConfigs(List.of(resource)).all())
                    .get(resource);
            ConfigEntry entry = config == null ? null : config.get(MOST_BYTES);
            return entry == null || entry.value() == null ? Long.MAX_VALUE : Long.parseLong(entry.value());
        } catch (ExecutionException failure) {
            Throwable cause = KafkaErrors.causeOf(failure);
            if (cause instanceof AuthorizationException || cause instanceof UnknownTopicOrPartitionException) {
                return Long.MAX_VALUE; // Then the broker says so itself when it is too late to name the culprit alone.
            }
            throw KafkaErrors.translate(failure, Doing.CREATE, topic);
        }
    }

    /** Which topic of that name it was when last asked: one that is deleted and made again has another id. Asks nobody. */
    @Nullable
    Uuid knownId(String topic) {
        Known there = known.get(topic);
        return there == null ? null : there.id();
    }

    /** Those that there are, by what the log calls them. */
    Map<String, Uuid> ids(Collection<String> topics) {
        Map<String, Uuid> ids = new HashMap<>();
        Map<String, String> wanted = new HashMap<>();
        topics.forEach(topic -> wanted.put(topic, names.kafka(topic)));
        Map<String, KafkaFuture<TopicDescription>> found =
                admin.describeTopics(wanted.values()).topicNameValues();
        wanted.forEach((topic, name) -> {
            try {
                ids.put(topic, Clients.answer(requireNonNull(found.get(name))).topicId());
            } catch (ExecutionException failure) {
                if (!(KafkaErrors.causeOf(failure) instanceof UnknownTopicOrPartitionException)) {
                    throw KafkaErrors.translate(failure, Doing.CREATE, topic);
                }
            }
        });
        return ids;
    }

    /** As {@code Log.check}. */
    void check(LogRecord record) {
        Partition partition = record.partition();
        if (isKeyed(partition.topic()) && record.key() == null) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT, "A record of the keyed partition " + partition + " needs a key.");
        }
        ensure(partition);
        long size = Records.size(record);
        if (size > limit(partition.topic())) {
            partitionsOf(partition.topic()); // The limit may have been raised since.
            if (size > limit(partition.topic())) {
                throw KafkaErrors.tooLarge(partition.topic(), size, limit(partition.topic()));
            }
        }
    }

    /**
     * Something could not be written. Perhaps a limit is lower by now: a client sends a batch that has become too large
     * again and again until the time is over, so that this must not happen twice.
     */
    void limitsMayHaveChanged() {
        known.clear();
    }

    private long limit(String topic) {
        Known there = known.get(topic);
        return there == null ? Long.MAX_VALUE : there.mostBytes();
    }

    /** As {@code Log.fence}: what was acknowledged may lie behind what can be read already. */
    Map<Partition, Long> fence(Collection<Partition> partitions) {
        return ends(partitions, OffsetSpec.latest());
    }

    private Map<Partition, Long> ends(Collection<Partition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        Map<Partition, Long> ends = new HashMap<>();
        for (Partition partition : partitions) {
            if (exists(partition)) {
                asked.put(names.kafka(partition), spec);
            } else {
                ends.put(partition, 0L);
            }
        }
        if (!asked.isEmpty()) {
            Map<TopicPartition, ListOffsetsResultInfo> found = offsets(asked, partitions);
            for (Partition partition : partitions) {
                ListOffsetsResultInfo end = found.get(names.kafka(partition));
                if (end != null) {
                    ends.put(partition, end.offset());
                }
            }
        }
        return ends;
    }

    /** All of them are there, but the broker that is asked may hear of a new topic later than the one that was asked before. */
    private Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Map<TopicPartition, OffsetSpec> asked, Collection<Partition> partitions) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Clients.answer(admin.listOffsets(asked).all());
            } catch (ExecutionException failure) {
                boolean mayBeLate = KafkaErrors.causeOf(failure) instanceof UnknownTopicOrPartitionException;
                if (!mayBeLate || attempt == ATTEMPTS) {
                    throw KafkaErrors.translate(failure, Doing.READ, partitions.toString());
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    /** As {@code Log.partitions}: those in which there is or was something. */
    Collection<Partition> partitions() {
        Map<String, String> topics = new HashMap<>();
        for (String name : Clients.ask(admin.listTopics().names(), Doing.READ, "the list of topics")) {
            names.log(name).filter(Topics::isOfALog).ifPresent(topic -> topics.put(name, topic));
        }
        Map<String, TopicDescription> described =
                Clients.ask(admin.describeTopics(topics.keySet()).allTopicNames(), Doing.READ, "all topics");
        List<Partition> all = described.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(info -> new Partition(topics.getOrDefault(topic.name(), topic.name()), info.partition())))
                .toList();
        Map<Partition, Long> ends = ends(all, OffsetSpec.latest());
        return all.stream()
                .filter(partition -> ends.getOrDefault(partition, 0L) > 0)
                .toList();
    }

    /** The cluster may hold topics of anybody's. */
    private static boolean isOfALog(String topic) {
        return topic.startsWith("queue.") || topic.startsWith("topic.") || topic.startsWith("mamba.");
    }
}
