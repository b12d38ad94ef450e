package io.mamba.jms.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.StartFrom;
import io.mamba.admin.MambaAdmin;
import io.mamba.cluster.KafkaTestLogs;
import io.mamba.jms.MambaConnectionFactory;
import io.mamba.jms.MambaTopic;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/log-format.md} promises to programs that use Kafka without Mamba. */
final class KafkaInteropIT {
    private static final long SOON = 30_000;

    private final KafkaTestLogs.TestLog log = KafkaTestLogs.next();
    private final MambaConnectionFactory factory =
            new MambaConnectionFactory("mamba:kafka://" + log.servers() + "?node=interop&prefix=" + log.prefix());

    @AfterEach
    void deleteTopics() {
        log.delete();
    }

    @Test
    void aPlainConsumerReadsMessages() {
        try (JMSContext context = factory.createContext()) {
            Queue orders = context.createQueue("orders");
            context.createProducer()
                    .setProperty("color", "red")
                    .setProperty("count", 3)
                    .setProperty("JMSXGroupID", "customer 7")
                    .send(orders, "text");
            context.createProducer().send(orders, "raw".getBytes(UTF_8));

            List<ConsumerRecord<String, String>> records = read("queue.orders", 2);
            ConsumerRecord<String, String> text = records.get(0);
            assertThat(text.value()).isEqualTo("text");
            assertThat(text.key()).isEqualTo("customer 7");
            assertThat(header(text, "color")).isEqualTo("red");
            assertThat(header(text, "count:int")).isEqualTo("3");
            assertThat(header(text, "mamba.version")).isEqualTo("1");
            assertThat(records.get(1).value()).isEqualTo("raw");
            assertThat(records.get(1).key()).isNull();
            assertThat(header(records.get(1), "mamba.body")).isEqualTo("BYTES");
        }
    }

    @Test
    void aPlainConsumerSeesNothingThatIsNotCommittedAndAllOfWhatIs() {
        try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            Queue orders = context.createQueue("orders");
            Queue stock = context.createQueue("stock");
            context.createProducer().send(orders, "rolled back");
            context.rollback();
            context.createProducer().send(orders, "a").send(stock, "b").send(orders, "c");
            context.commit();
            context.createProducer().send(orders, "under way");

            assertThat(read("queue.orders", 2))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("a", "c");
            assertThat(read("queue.stock", 1)).extracting(ConsumerRecord::value).containsExactly("b");
        }
    }

    @Test
    void aPlainProducersRecordArrivesAsAMessage() throws Exception {
        try (JMSContext context = factory.createContext()) {
            Queue orders = context.createQueue("orders");
            context.createProducer().send(orders, "first");
            JMSConsumer consumer = context.createConsumer(orders);
            assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("first");

            try (KafkaProducer<String, String> producer = producer(Map.of())) {
                ProducerRecord<String, String> text = record("queue.orders", "customer 7", "hello");
                text.headers().add("content-type", "text/plain".getBytes(UTF_8));
                text.headers().add("count:int", "3".getBytes(UTF_8));
                send(producer, text);
                send(producer, record("queue.orders", null, "bytes"));
            }
            Message hello = consumer.receive(SOON);
            assertThat(((TextMessage) hello).getText()).isEqualTo("hello");
            assertThat(hello.getStringProperty("JMSXGroupID")).isEqualTo("customer 7");
            assertThat(hello.getIntProperty("count")).isEqualTo(3);
            assertThat(hello.getStringProperty("content_type")).isEqualTo("text/plain");
            assertThat(hello.getJMSMessageID()).isNull();
            assertThat(hello.getJMSDestination()).isEqualTo(orders);
            Message bytes = consumer.receive(SOON);
            assertThat(((BytesMessage) bytes).getBodyLength()).isEqualTo(5);
        }
    }

    @Test
    void whatAPlainProducerAbortsNeverArrives() {
        try (JMSContext context = factory.createContext();
                KafkaProducer<String, String> producer =
                        producer(Map.of("transactional.id", log.prefix() + "program"))) {
            Queue orders = context.createQueue("orders");
            context.createProducer().send(orders, "first");
            JMSConsumer consumer = context.createConsumer(orders);
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> aborted = producer.send(record("queue.orders", null, "aborted"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            Future<RecordMetadata> committed = producer.send(record("queue.orders", null, "committed"));
            producer.commitTransaction();

            assertThat(aborted).isDone();
            assertThat(committed).isDone();
            assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("first");
            assertThat(new String(consumer.receiveBody(byte[].class, SOON), UTF_8))
                    .isEqualTo("committed");
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void aTopicThatIsThereBeforeMambaIsAQueue() throws Exception {
        create("queue.old");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                send(producer, record("queue.old", null, "old " + i));
            }
        }
        try (JMSContext context = factory.createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue("old"));
            for (int i = 0; i < 10; i++) {
                assertThat(new String(consumer.receiveBody(byte[].class, SOON), UTF_8))
                        .isEqualTo("old " + i);
            }
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void aTopicThatIsThereBeforeMambaIsATopicWhoseNewRecordsSubscribersGet() throws Exception {
        create("topic.news");
        try (JMSContext context = factory.createContext();
                KafkaProducer<String, String> producer = producer(Map.of())) {
            send(producer, record("topic.news", null, "yesterday"));
            JMSConsumer one = context.createConsumer(context.createTopic("news"));
            JMSConsumer two = context.createConsumer(context.createTopic("news"));
            send(producer, record("topic.news", null, "today"));

            assertThat(new String(one.receiveBody(byte[].class, SOON), UTF_8)).isEqualTo("today");
            assertThat(new String(two.receiveBody(byte[].class, SOON), UTF_8)).isEqualTo("today");
        }
    }

    @Test
    void anExistingTopicOfAnyNameIsBoundToAQueueFromItsBeginning() throws Exception {
        create("shop.orders");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            send(producer, record("shop.orders", null, "old 1"));
            send(producer, record("shop.orders", null, "old 2"));
            try (MambaAdmin admin = MambaAdmin.open(url("interop"))) {
                admin.bind("queue://orders", log.prefix() + "shop.orders");
                admin.bind("queue://orders", log.prefix() + "shop.orders");
                assertThat(admin.boundTopic("queue://orders")).contains(log.prefix() + "shop.orders");
            }
            try (JMSContext context = factory.createContext()) {
                Queue orders = context.createQueue("orders");
                context.createProducer().send(orders, "by JMS");
                JMSConsumer consumer = context.createConsumer(orders);
                assertThat(text(consumer)).isEqualTo("old 1");
                assertThat(text(consumer)).isEqualTo("old 2");
                assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("by JMS");
            }
            send(producer, record("shop.orders", null, "while closed"));
            try (JMSContext context = factory.createContext()) {
                JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
                assertThat(text(consumer)).isEqualTo("while closed");
                assertThat(consumer.receiveNoWait()).isNull();
            }
        }
        assertThat(read("shop.orders", 4))
                .extracting(ConsumerRecord::value)
                .containsExactly("old 1", "old 2", "by JMS", "while closed");
    }

    @Test
    void allNodesFollowABinding() throws Exception {
        create("shop.orders");
        MambaConnectionFactory other = new MambaConnectionFactory(url("other"));
        try (JMSContext there = other.createContext();
                MambaAdmin admin = MambaAdmin.open(url("interop"));
                JMSContext here = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            admin.bind("queue://orders", log.prefix() + "shop.orders");
            here.createProducer().send(here.createQueue("orders"), "a").send(here.createQueue("stock"), "b");
            here.commit();

            JMSConsumer consumer = there.createConsumer(there.createQueue("orders"));
            assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("a");
            there.createProducer().send(there.createQueue("orders"), "c");
            assertThat(read("shop.orders", 2)).extracting(ConsumerRecord::value).containsExactly("a", "c");
        }
    }

    @Test
    void aBoundQueueMayBeginWithWhatComesNext() throws Exception {
        create("shop.orders");
        try (KafkaProducer<String, String> producer = producer(Map.of());
                MambaAdmin admin = MambaAdmin.open(url("interop"));
                JMSContext context = factory.createContext()) {
            send(producer, record("shop.orders", null, "old"));
            admin.bind("queue://orders", log.prefix() + "shop.orders", StartFrom.LATEST);
            send(producer, record("shop.orders", null, "new"));

            JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
            assertThat(text(consumer)).isEqualTo("new");
            assertThat(consumer.receiveNoWait()).isNull();
            assertThat(admin.replay("queue://orders", StartFrom.EARLIEST).again())
                    .isEqualTo(2);
            assertThat(text(consumer)).isEqualTo("old");
            assertThat(text(consumer)).isEqualTo("new");
        }
    }

    @Test
    void subscriptionsOfABoundTopicStartWhereTheySay() throws Exception {
        create("shop.news");
        try (KafkaProducer<String, String> producer = producer(Map.of());
                MambaAdmin admin = MambaAdmin.open(url("interop"));
                JMSContext context = factory.createContext()) {
            send(producer, record("shop.news", null, "yesterday"));
            admin.bind("topic://news", log.prefix() + "shop.news");
            MambaTopic all = new MambaTopic("news");
            all.setStartFrom("earliest");
            JMSConsumer fromNow = context.createConsumer(context.createTopic("news"));
            JMSConsumer fromFirst = context.createSharedDurableConsumer(all, "all");
            send(producer, record("shop.news", null, "today"));

            assertThat(text(fromNow)).isEqualTo("today");
            assertThat(text(fromFirst)).isEqualTo("yesterday");
            assertThat(text(fromFirst)).isEqualTo("today");
        }
    }

    @Test
    void aBoundDestinationThatIsDeletedLeavesItsTopicAndMayBeBoundAgain() throws Exception {
        create("shop.orders");
        try (KafkaProducer<String, String> producer = producer(Map.of());
                MambaAdmin admin = MambaAdmin.open(url("interop"));
                JMSContext context = factory.createContext()) {
            for (int i = 0; i < 5; i++) {
                send(producer, record("shop.orders", null, "old " + i));
            }
            admin.bind("queue://orders", log.prefix() + "shop.orders");
            admin.delete("queue://orders");
            Queue orders = context.createQueue("orders");
            context.createProducer().send(orders, "to a topic of its own");
            try (JMSConsumer consumer = context.createConsumer(orders)) {
                assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("to a topic of its own");
            }
            admin.delete("queue://orders");
            admin.bind("queue://orders", log.prefix() + "shop.orders", StartFrom.position(4));

            assertThat(text(context.createConsumer(orders))).isEqualTo("old 4");
            assertThat(read("shop.orders", 5)).hasSize(5);
        }
    }

    @Test
    void whatABoundTopicDoesNotKeepUntilItIsReceivedIsLeftOut() throws Exception {
        create("shop.orders");
        create("shop.news");
        try (KafkaProducer<String, String> producer = producer(Map.of());
                MambaAdmin admin = MambaAdmin.open(url("interop"));
                JMSContext context = factory.createContext()) {
            admin.bind("queue://orders", log.prefix() + "shop.orders");
            admin.bind("topic://news", log.prefix() + "shop.news");
            JMSConsumer news = context.createConsumer(context.createTopic("news"));
            for (String topic : List.of("shop.orders", "shop.news")) {
                for (int i = 0; i < 5; i++) {
                    send(producer, record(topic, null, "old " + i));
                }
                for (int i = 0; i < 2; i++) { // more than is kept at hand
                    send(producer, record(topic, null, "x".repeat(700_000)));
                }
            }
            assertThat(admin.describe("queue://orders").depth()).isEqualTo(7);
            removeBefore("shop.orders", 3);
            removeBefore("shop.news", 4);

            JMSConsumer orders = context.createConsumer(context.createQueue("orders"));
            assertThat(text(orders)).isEqualTo("old 3");
            assertThat(text(orders)).isEqualTo("old 4");
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            context.stop();
            news.setMessageListener(message -> {
                try {
                    heard.add(new String(message.getBody(byte[].class), UTF_8));
                } catch (JMSException unreadable) {
                    throw new IllegalStateException(unreadable);
                }
            });
            context.start();
            assertThat(heard.poll(SOON, TimeUnit.MILLISECONDS)).isEqualTo("old 4");
            assertThat(text(orders)).hasSize(700_000);
            assertThat(text(orders)).hasSize(700_000);
            assertThat(orders.receiveNoWait()).isNull();
            assertThat(admin.describe("queue://orders").depth()).isZero();
        }
    }

    @Test
    void aBoundTopicGoesOnWithWhatIsStillThereWhenNodesOpenLate() throws Exception {
        create("shop.orders");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            send(producer, record("shop.orders", null, "first"));
            try (MambaAdmin admin = MambaAdmin.open(url("interop"))) {
                admin.bind("queue://orders", log.prefix() + "shop.orders");
            }
            for (int i = 0; i < 5; i++) {
                send(producer, record("shop.orders", null, "old " + i));
            }
            removeBefore("shop.orders", 4);
            try (JMSContext context = factory.createContext()) {
                JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
                assertThat(text(consumer)).isEqualTo("old 3");
                assertThat(text(consumer)).isEqualTo("old 4");
                send(producer, record("shop.orders", null, "new"));
                assertThat(text(consumer)).isEqualTo("new");
                assertThat(consumer.receiveNoWait()).isNull();
            }
        }
    }

    @Test
    void aBoundTopicThatIsGoneOrHasMorePartitionsNowDoesNotKeepANodeFromOpening() throws Exception {
        create("shop.orders");
        create("shop.stock");
        try (MambaAdmin admin = MambaAdmin.open(url("interop"))) {
            admin.bind("queue://orders", log.prefix() + "shop.orders");
            admin.bind("queue://stock", log.prefix() + "shop.stock");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.servers()))) {
            admin.deleteTopics(List.of(log.prefix() + "shop.orders")).all().get(30, TimeUnit.SECONDS);
            admin.createPartitions(Map.of(log.prefix() + "shop.stock", NewPartitions.increaseTo(2)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        List<String> errors = new CopyOnWriteArrayList<>();
        Handler listening = new Handler() {
            @Override
            public void publish(LogRecord said) {
                errors.add(said.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.mamba.node");
        logger.addHandler(listening);
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("stock"), "1");
            assertThat(context.createConsumer(context.createQueue("stock")).receiveBody(String.class, SOON))
                    .isEqualTo("1");
            assertThat(errors)
                    .anySatisfy(error -> assertThat(error).contains("queue://stock has 2 partitions, but had 1"))
                    .anySatisfy(
                            error -> assertThat(error).contains("queue://orders is bound to a topic", "shop.orders"));
            assertThatThrownBy(() -> context.createProducer().send(context.createQueue("orders"), "1"))
                    .hasMessageContaining("shop.orders");
        } finally {
            logger.removeHandler(listening);
        }
    }

    @Test
    void aBoundTopicOfSeveralPartitionsIsReadWholeAndAGroupStaysWhereProducersPutItsKey() throws Exception {
        create("shop.wide", 3);
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(Map.of());
                MambaAdmin admin = MambaAdmin.open(url("interop"))) {
            Map<String, Integer> partitions = new HashMap<>();
            for (int i = 0; i < 12; i++) {
                String key = "customer " + i % 6;
                sent.add(key + " " + i);
                partitions.put(
                        key,
                        producer.send(new ProducerRecord<>(log.prefix() + "shop.wide", key, key + " " + i))
                                .get(30, TimeUnit.SECONDS)
                                .partition());
            }
            assertThat(partitions.values()).contains(0, 1, 2);
            admin.bind("queue://orders", log.prefix() + "shop.wide");

            try (JMSContext context = factory.createContext()) {
                Queue orders = context.createQueue("orders");
                for (String key : partitions.keySet()) {
                    context.createProducer()
                            .setProperty("JMSXGroupID", key)
                            .send(orders, (key + " by JMS").getBytes(UTF_8));
                    sent.add(key + " by JMS");
                }
                List<String> received = new ArrayList<>();
                JMSConsumer consumer = context.createConsumer(orders);
                for (int i = 0; i < sent.size(); i++) {
                    received.add(text(consumer));
                }
                assertThat(consumer.receiveNoWait()).isNull();
                assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
                for (String key : partitions.keySet()) {
                    assertThat(received.stream().filter(body -> body.startsWith(key)))
                            .containsExactlyElementsOf(sent.stream()
                                    .filter(body -> body.startsWith(key))
                                    .toList());
                }
            }
            assertThat(read("shop.wide", sent.size(), 0, 1, 2))
                    .hasSize(sent.size())
                    .allSatisfy(record -> assertThat(record.partition()).isEqualTo(partitions.get(record.key())));
        }
        try (JMSContext context = factory.createContext()) { // and is known again
            assertThat(context.createConsumer(context.createQueue("orders")).receiveNoWait())
                    .isNull();
        }
    }

    @Test
    void aTopicOfSeveralPartitionsThatIsThereBeforeMambaIsATopicOfAsMany() throws Exception {
        create("topic.wide", 3);
        MambaConnectionFactory other = new MambaConnectionFactory(url("other"));
        try (JMSContext here = factory.createContext();
                JMSContext there = other.createContext();
                KafkaProducer<String, String> producer = producer(Map.of())) {
            JMSConsumer one = here.createConsumer(here.createTopic("wide"));
            JMSConsumer two = there.createSharedDurableConsumer(there.createTopic("wide"), "two");
            for (int partition = 0; partition < 3; partition++) {
                send(producer, new ProducerRecord<>(log.prefix() + "topic.wide", partition, null, "in " + partition));
            }

            for (JMSConsumer consumer : List.of(one, two)) {
                assertThat(List.of(text(consumer), text(consumer), text(consumer)))
                        .containsExactlyInAnyOrder("in 0", "in 1", "in 2");
            }
        }
    }

    @Test
    void whatCannotBeBoundIsRefusedByName() throws Exception {
        create("shop.wide", 3);
        create("queue.wide", 3);
        create("shop.orders");
        try (MambaAdmin admin = MambaAdmin.open(url("interop"))) {
            admin.create("queue://there");
            admin.bind("queue://orders", log.prefix() + "shop.orders");

            assertThatThrownBy(() -> admin.bind("queue://narrow", log.prefix() + "shop.wide", StartFrom.position(1)))
                    .hasMessageContaining("the topic of queue://narrow has 3");
            assertThatThrownBy(() -> admin.create("queue://wide", DestinationSettings.NONE.partitions(4)))
                    .hasMessageContaining("was to have partitions=4, but its topic has 3");
            assertThatThrownBy(() -> admin.bind("queue://none", log.prefix() + "shop.none"))
                    .hasMessageContaining("no topic '" + log.prefix() + "shop.none'");
            assertThatThrownBy(() -> admin.bind("queue://own", log.prefix() + "mamba.events"))
                    .hasMessageContaining("this log's own");
            assertThatThrownBy(() -> admin.bind("queue://there", log.prefix() + "shop.orders"))
                    .hasMessageContaining("exists already");
            assertThatThrownBy(() -> admin.bind("queue://second", log.prefix() + "shop.orders"))
                    .hasMessageContaining("queue://orders is bound to");
        }
    }

    private String url(String node) {
        return "mamba:kafka://" + log.servers() + "?node=" + node + "&prefix=" + log.prefix();
    }

    private static String text(JMSConsumer consumer) {
        return new String(consumer.receiveBody(byte[].class, SOON), UTF_8);
    }

    private void create(String topic) throws Exception {
        create(topic, 1);
    }

    private void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.servers()))) {
            admin.createTopics(List.of(new NewTopic(log.prefix() + topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private void removeBefore(String topic, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.servers()))) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(log.prefix() + topic, 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private ProducerRecord<String, String> record(String topic, @Nullable String key, String value) {
        return new ProducerRecord<>(log.prefix() + topic, 0, key, value);
    }

    private static void send(KafkaProducer<String, String> producer, ProducerRecord<String, String> record)
            throws Exception {
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", log.servers());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** All that is committed, at least so many. */
    private List<ConsumerRecord<String, String>> read(String topic, int count) {
        return read(topic, count, 0);
    }

    private List<ConsumerRecord<String, String>> read(String topic, int count, int... numbers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                log.servers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = IntStream.of(numbers)
                    .mapToObj(number -> new TopicPartition(log.prefix() + topic, number))
                    .toList();
            consumer.assign(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SOON);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while ((records.size() < count
                            || ends.entrySet().stream()
                                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue()))
                    && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        Header header = requireNonNull(record.headers().lastHeader(name), name);
        return new String(header.value(), UTF_8);
    }
}
