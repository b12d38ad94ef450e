package io.mamba.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.admin.DestinationInfo;
import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what came out, by a plain consumer of Kafka and as messages, and compares it with what the JVMs said. Used by one
 * thread.
 */
final class Judge implements AutoCloseable {
    private static final String SUBSCRIPTION = "audit";
    private static final int AT_ONCE = 100;

    private final String url;
    private final List<TopicPartition> topics;
    private final KafkaConsumer<byte[], byte[]> plain;
    /** How often each message was there: by plain reading in {@code out} and {@code seen}, and as JMS messages of both. */
    private final List<Map<String, Integer>> found =
            List.of(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());

    /** @param kafka what a client of Kafka needs */
    Judge(String url, String prefix, Map<String, Object> kafka) {
        this.url = url;
        topics = List.of(
                new TopicPartition(prefix + "queue." + Traffic.OUT, 0),
                new TopicPartition(prefix + "topic." + Traffic.SEEN, 0));
        try (JMSContext context = new MambaConnectionFactory(url).createContext();
                MambaAdmin admin = MambaAdmin.open(url)) {
            List.of(Traffic.IN, Traffic.MIDDLE, Traffic.OUT).forEach(queue -> admin.create("queue://" + queue));
            context.createSharedDurableConsumer(context.createTopic(Traffic.SEEN), SUBSCRIPTION)
                    .close();
        }
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        plain = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        plain.assign(topics);
        plain.seekToBeginning(topics);
    }

    /** What was found: all counts since the beginning. */
    record Verdict(
            int acknowledged,
            int unknown,
            int found,
            int lost,
            int doubled,
            int partial,
            int refused,
            int leftBehind,
            String why) {
        /** What this adds to an earlier one. */
        Verdict since(@Nullable Verdict before) {
            return before == null
                    ? this
                    : new Verdict(
                            acknowledged - before.acknowledged,
                            unknown - before.unknown,
                            found - before.found,
                            lost,
                            doubled,
                            partial,
                            refused,
                            leftBehind,
                            why);
        }

        boolean isGood() {
            return lost + doubled + partial + refused + leftBehind == 0;
        }
    }

    /** Nothing waits on the way any more, and no branch is in doubt: how much it still is. */
    int underWay() {
        try (MambaAdmin admin = MambaAdmin.open(url)) {
            return underWay(admin);
        }
    }

    private static int underWay(MambaAdmin admin) {
        long waiting = 0;
        for (DestinationInfo each : admin.destinations()) {
            boolean end = each.name().endsWith(Traffic.OUT) || each.name().endsWith(Traffic.SEEN);
            waiting += each.inFlight() + (end ? 0 : each.depth()) + each.deadLettered();
        }
        return (int) waiting + admin.inDoubt().size();
    }

    Verdict judge(Map<String, String> units) {
        readPlain();
        int left;
        String destinations;
        try (MambaAdmin admin = MambaAdmin.open(url);
                JMSContext context = new MambaConnectionFactory(url).createContext(JMSContext.SESSION_TRANSACTED)) {
            left = underWay(admin);
            destinations = left == 0 ? "" : admin.destinations() + " in doubt " + admin.inDoubt();
            drain(context, context.createConsumer(context.createQueue(Traffic.OUT)), found.get(2));
            drain(
                    context,
                    context.createSharedDurableConsumer(context.createTopic(Traffic.SEEN), SUBSCRIPTION),
                    found.get(3));
        }
        return verdict(units, left, destinations);
    }

    private void readPlain() {
        Map<TopicPartition, Long> end = plain.endOffsets(topics);
        while (topics.stream().anyMatch(topic -> plain.position(topic) < end.getOrDefault(topic, 0L))) {
            plain.poll(Duration.ofMillis(200))
                    .forEach(record -> found.get(topics.indexOf(new TopicPartition(record.topic(), 0)))
                            .merge(new String(record.value(), UTF_8), 1, Integer::sum));
        }
    }

    private static void drain(JMSContext context, JMSConsumer consumer, Map<String, Integer> counts) {
        List<String> taken = new ArrayList<>();
        @Nullable String message = consumer.receiveBody(String.class, 2_000);
        while (message != null) {
            taken.add(message);
            if (taken.size() % AT_ONCE == 0) {
                context.commit();
            }
            message = consumer.receiveBodyNoWait(String.class);
        }
        context.commit();
        consumer.close();
        taken.forEach(each -> counts.merge(each, 1, Integer::sum));
    }

    private Verdict verdict(Map<String, String> units, int left, String destinations) {
        List<String> lost = new ArrayList<>();
        List<String> partial = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int there = 0;
        for (Map.Entry<String, String> unit : units.entrySet()) {
            List<Integer> counts = IntStream.range(0, Sending.PER_UNIT)
                    .mapToObj(i -> unit.getKey() + "/" + i)
                    .flatMap(message -> found.stream().map(each -> each.getOrDefault(message, 0)))
                    .toList();
            boolean any = counts.stream().anyMatch(count -> count > 0);
            boolean all = counts.stream().allMatch(count -> count > 0);
            there += any ? 1 : 0;
            if (unit.getValue().equals("ok") && !all) {
                lost.add(unit.getKey() + counts);
            } else if (any && !all) {
                partial.add(unit.getKey() + counts);
            }
            if (any && unit.getValue().equals("refused")) {
                refused.add(unit.getKey());
            }
        }
        List<String> doubled = found.stream()
                .flatMap(each -> each.entrySet().stream())
                .filter(each -> each.getValue() > 1)
                .map(Map.Entry::toString)
                .toList();
        Function<String, Integer> count =
                said -> (int) units.values().stream().filter(said::equals).count();
        return new Verdict(
                count.apply("ok"),
                count.apply("unknown") + count.apply("begin"),
                there,
                lost.size(),
                doubled.size(),
                partial.size(),
                refused.size(),
                left,
                "lost " + lost + ", doubled " + doubled + ", partial " + partial + ", refused " + refused + ", left "
                        + destinations);
    }

    @Override
    public void close() {
        plain.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
