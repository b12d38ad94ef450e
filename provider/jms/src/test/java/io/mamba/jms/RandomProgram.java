package io.mamba.jms;

import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.jms.ProgramModel.Copy;
import io.mamba.jms.ProgramModel.Line;
import io.mamba.jms.ProgramModel.Sent;
import io.mamba.jms.ProgramModel.Subscription;
import io.mamba.jms.ProgramModel.Work;
import io.mamba.jms.message.AllowedClasses;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.node.Node;
import io.mamba.thread.Threads;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A random program against the public API, step by step beside the model, on a log in memory: sends, receives,
 * acknowledgements, commits, rollbacks, recovers, closes, clean restarts and killed processes. One thread, no listener, no
 * time: the same seed gives the same program and the same outcome.
 */
final class RandomProgram {
    private static final int[] MODES = {
        Session.SESSION_TRANSACTED, Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE
    };
    private static final Set<String> KEYED = Set.of("mamba.state", "mamba.branches");
    private static final MambaUrl URL = MambaUrl.parse("mamba:file:/program?maxDeliveries=0");

    private final Random random;
    private final int steps;
    private final ProgramModel model = new ProgramModel();
    private final List<Open> sessions = new ArrayList<>();
    private final List<MambaConnection> connections = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private InMemoryLog log = new InMemoryLog(KEYED);
    private Node node;
    private @Nullable MambaConnection clientConnection;
    private int messages;

    /** A session, its consumers, and what the model says that it has under way. */
    private static final class Open {
        final Session session;
        final MambaConnection connection;
        final boolean identified;
        final int mode;
        final MessageProducer producer;
        final Work work = new Work();
        final List<Receiving> consumers = new ArrayList<>();

        @Nullable
        Message last;

        Open(Session session, MambaConnection connection, boolean identified, int mode) throws JMSException {
            this.session = session;
            this.connection = connection;
            this.identified = identified;
            this.mode = mode;
            this.producer = session.createProducer(null);
        }
    }

    /** A consumer and its line; the subscription if it is a durable one. */
    private record Receiving(
            MessageConsumer consumer,
            Line line,
            @Nullable Integer part,
            @Nullable Subscription subscription) {}

    RandomProgram(long seed, int steps) {
        this.random = new Random(seed);
        this.steps = steps;
        this.node = open();
    }

    private Node open() {
        return Node.open(URL, log, Clock.systemUTC(), Threads.of(task -> {
            Thread thread = new Thread(task, "program-node");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** @throws AssertionError if the provider and the model differ, with the steps so far */
    void run() throws JMSException {
        boolean passed = false;
        try {
            for (int i = 0; i < steps; i++) {
                step();
            }
            restart(false);
            drainEverything();
            passed = true;
        } catch (JMSException | RuntimeException e) {
            throw new AssertionError(String.join("\n", trace), e);
        } finally {
            if (passed) {
                closeConnections();
            }
            node.close();
        }
    }

    private void step() throws JMSException {
        if (sessions.isEmpty()) {
            openSession();
            return;
        }
        Open open = sessions.get(random.nextInt(sessions.size()));
        switch (random.nextInt(24)) {
            case 0 -> openSession();
            case 1, 2, 3 -> openConsumer(open);
            case 4, 5, 6, 7, 8, 9 -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    send(open);
                }
            }
            case 10, 11, 12, 13, 14, 15 -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    receive(open);
                }
            }
            case 16, 17 -> settle(open);
            case 18, 19 -> giveBack(open);
            case 20 -> closeConsumer(open);
            case 21 -> closeSomething(open);
            case 22 -> browseOrUnsubscribe(open);
            default -> restartSometimes();
        }
    }

    private void openSession() throws JMSException {
        if (sessions.size() > 4) {
            return;
        }
        MambaConnection connection;
        boolean identified;
        if (connections.isEmpty() || random.nextBoolean()) {
            identified = !connections.contains(clientConnection) && random.nextBoolean();
            connection = new MambaConnection(
                    new OwnedLease(Client.over(node)), AllowedClasses.of(null), null, Permissions.ALL);
            if (identified) {
                connection.setClientID("client");
                clientConnection = connection;
            }
            connection.start();
            connections.add(connection);
        } else {
            connection = connections.get(random.nextInt(connections.size()));
            identified = connection == clientConnection;
        }
        int mode = MODES[random.nextInt(MODES.length)];
        sessions.add(new Open(connection.createSession(mode), connection, identified, mode));
        trace.add("open session " + mode + (identified ? " with client id" : ""));
    }

    private void openConsumer(Open open) throws JMSException {
        if (open.consumers.size() > 3) {
            return;
        }
        Integer part = random.nextInt(3) == 0 ? random.nextInt(3) : null;
        String selector = part == null ? null : "part = " + part;
        int kind = random.nextInt(open.identified ? 5 : 4);
        if (kind < 2) {
            String name = "q" + random.nextInt(2);
            MessageConsumer consumer = open.session.createConsumer(open.session.createQueue(name), selector);
            open.consumers.add(new Receiving(consumer, model.queue(name), part, null));
            trace.add("consume " + name + " " + selector);
        } else if (kind == 2) {
            MessageConsumer consumer = open.session.createConsumer(open.session.createTopic("t"), selector);
            open.consumers.add(new Receiving(consumer, model.subscribe(part), null, null));
            trace.add("subscribe " + selector);
        } else {
            openDurable(open, kind == 4, part, selector);
        }
    }

    private void openDurable(Open open, boolean unshared, @Nullable Integer part, @Nullable String selector)
            throws JMSException {
        String name = (unshared ? "u" : "s") + random.nextInt(2);
        String key = key(open, name);
        Subscription known = model.subscription(key);
        boolean refused = known != null && known.users > 0 && (unshared || !Objects.equals(known.line.part, part));
        trace.add("durable " + key + " " + selector + (refused ? " refused" : ""));
        MessageConsumer consumer;
        try {
            consumer = unshared
                    ? open.session.createDurableConsumer(open.session.createTopic("t"), name, selector, false)
                    : open.session.createSharedDurableConsumer(open.session.createTopic("t"), name, selector);
        } catch (JMSException e) {
            if (refused) {
                return;
            }
            throw e;
        }
        check(!refused, "a second consumer of " + key + " was not refused");
        Subscription subscription = model.use(key, part);
        open.consumers.add(new Receiving(consumer, subscription.line, null, subscription));
    }

    private static String key(Open open, String name) {
        return (open.identified ? "client/" : "") + name;
    }

    private void send(Open open) throws JMSException {
        String to = random.nextInt(3) == 0 ? "t" : "q" + random.nextInt(2);
        Sent sent = new Sent(
                ++messages, random.nextInt(4) == 0 ? random.nextInt(10) : 4, random.nextInt(3), random.nextInt(4) > 0);
        Destination destination = to.equals("t") ? open.session.createTopic(to) : open.session.createQueue(to);
        TextMessage message = open.session.createTextMessage("m" + sent.number());
        message.setIntProperty("part", sent.part());
        open.producer.send(
                destination,
                message,
                sent.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
                sent.priority(),
                0);
        trace.add("send to " + to + ": " + sent);
        if (open.mode == Session.SESSION_TRANSACTED) {
            open.work.sent.add(Map.entry(to, sent));
        } else {
            model.send(to, sent);
        }
    }

    private void receive(Open open) throws JMSException {
        if (open.consumers.isEmpty()) {
            return;
        }
        Receiving from = open.consumers.get(random.nextInt(open.consumers.size()));
        Message message = from.consumer.receiveNoWait();
        Copy expected = expected(from.line, from.part, message);
        trace.add("receive " + shown(message));
        if (expected == null || message == null) {
            check(message == null, "expected nothing, but got " + shown(message));
            return;
        }
        checkSame(expected, message, expected.count + 1);
        expected.count++;
        if (open.mode == Session.AUTO_ACKNOWLEDGE || open.mode == Session.DUPS_OK_ACKNOWLEDGE) {
            from.line.copies.remove(expected);
        } else {
            open.work.receive(from.line, expected);
        }
        open.last = message;
    }

    /** The first that is available; those that a crash may have taken are passed over if it is another one that came. */
    private @Nullable Copy expected(Line line, @Nullable Integer part, @Nullable Message message) throws JMSException {
        for (Copy copy : line.available(part)) {
            if (!copy.uncertain || (message != null && isSame(copy, message))) {
                return copy;
            }
            line.copies.remove(copy);
        }
        return null;
    }

    private static boolean isSame(Copy copy, Message message) throws JMSException {
        return ("m" + copy.message.number()).equals(((TextMessage) message).getText());
    }

    private void checkSame(Copy expected, Message message, int count) throws JMSException {
        Sent sent = expected.message;
        check(isSame(expected, message), "expected " + sent + ", but got " + shown(message));
        check(message.getJMSPriority() == sent.priority(), "the priority of " + sent);
        check(message.getIntProperty("part") == sent.part(), "the property of " + sent);
        check(message.getIntProperty("JMSXDeliveryCount") == count, "count " + count + " of " + shown(message));
        check(message.getJMSRedelivered() == count > 1, "the flag of " + shown(message));
    }

    private void settle(Open open) throws JMSException {
        if (open.mode == Session.SESSION_TRANSACTED) {
            trace.add("commit");
            List<Map.Entry<String, Sent>> sent = List.copyOf(open.work.sent);
            open.session.commit();
            open.work.settle();
            sent.forEach(each -> model.send(each.getKey(), each.getValue()));
        } else if (open.last != null) {
            trace.add("acknowledge");
            open.last.acknowledge();
            open.work.settle();
        }
    }

    private void giveBack(Open open) throws JMSException {
        if (open.mode == Session.SESSION_TRANSACTED) {
            trace.add("rollback");
            open.session.rollback();
        } else {
            trace.add("recover");
            open.session.recover();
        }
        open.work.giveBack();
    }

    private void closeConsumer(Open open) throws JMSException {
        if (!open.consumers.isEmpty()) {
            Receiving closed = open.consumers.remove(random.nextInt(open.consumers.size()));
            trace.add("close consumer");
            closed.consumer.close();
            left(closed);
        }
    }

    private void left(Receiving closed) {
        if (closed.subscription != null) {
            closed.subscription.users--;
        } else if (!closed.line.durable) {
            model.end(closed.line);
        }
    }

    private void closeSomething(Open open) throws JMSException {
        if (random.nextBoolean()) {
            trace.add("close session");
            open.session.close();
            gone(open);
        } else {
            trace.add("close connection");
            open.connection.close();
            connections.remove(open.connection);
            sessions.stream()
                    .filter(other -> other.connection == open.connection)
                    .toList()
                    .forEach(this::gone);
        }
    }

    private void gone(Open open) {
        open.work.giveBack();
        open.consumers.forEach(this::left);
        sessions.remove(open);
    }

    private void browseOrUnsubscribe(Open open) throws JMSException {
        if (random.nextBoolean()) {
            String name = "q" + random.nextInt(2);
            trace.add("browse " + name);
            try (QueueBrowser browser = open.session.createBrowser(open.session.createQueue(name))) {
                List<String> seen = new ArrayList<>();
                for (Enumeration<?> here = browser.getEnumeration(); here.hasMoreElements(); ) {
                    seen.add(((TextMessage) here.nextElement()).getText());
                }
                model.queue(name)
                        .copies
                        .removeIf(copy -> copy.uncertain && !copy.held && !seen.contains("m" + copy.message.number()));
                List<String> expected = model.queue(name).available(null).stream()
                        .map(copy -> "m" + copy.message.number())
                        .toList();
                check(seen.equals(expected), "expected to browse " + expected + ", but saw " + seen);
            }
            return;
        }
        String name = (random.nextBoolean() ? "u" : "s") + random.nextInt(2);
        Subscription known = model.subscription(key(open, name));
        boolean refused = known == null || known.users > 0;
        trace.add("unsubscribe " + key(open, name) + (refused ? " refused" : ""));
        try {
            open.session.unsubscribe(name);
        } catch (JMSException e) {
            if (refused) {
                return;
            }
            throw e;
        }
        check(!refused, "unsubscribe was not refused");
        model.unsubscribe(key(open, name));
    }

    private void restartSometimes() throws JMSException {
        switch (random.nextInt(6)) {
            case 0 -> restart(false);
            case 1 -> restart(true);
            case 2 -> {
                trace.add("checkpoint");
                node.checkpoint();
            }
            default -> {
                // Restarts are rare, or queues would never grow.
            }
        }
    }

    private void restart(boolean crash) throws JMSException {
        trace.add(crash ? "killed" : "restart");
        InMemoryLog next;
        if (crash) {
            next = log.fork(Durability.WRITTEN, 0, false);
            connections.clear();
        } else {
            closeConnections();
            next = null;
        }
        node.close();
        log = next == null ? log.crash(Durability.NONE) : next;
        node = open();
        sessions.clear();
        model.restart(crash);
    }

    private void closeConnections() throws JMSException {
        for (MambaConnection connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    /** What the model says is left in the queues, and nothing else. */
    private void drainEverything() throws JMSException {
        MambaConnection connection =
                new MambaConnection(new OwnedLease(Client.over(node)), AllowedClasses.of(null), null, Permissions.ALL);
        connections.add(connection);
        connection.start();
        Session session = connection.createSession();
        for (Map.Entry<String, Line> queue : model.queues().entrySet()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue.getKey()));
            Message message;
            do {
                message = consumer.receiveNoWait();
                Copy expected = expected(queue.getValue(), null, message);
                check((message == null) == (expected == null), "at the end, " + shown(message));
                if (message != null && expected != null) {
                    checkSame(expected, message, expected.count + 1);
                    queue.getValue().copies.remove(expected);
                }
            } while (message != null);
        }
    }

    private void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(String.join("\n", trace) + "\n=> " + otherwise);
        }
    }

    private static String shown(@Nullable Message message) throws JMSException {
        return message == null
                ? "nothing"
                : ((TextMessage) message).getText() + ", delivery " + message.getIntProperty("JMSXDeliveryCount");
    }
}
