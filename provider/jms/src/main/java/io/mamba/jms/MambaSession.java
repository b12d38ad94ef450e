package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.access.Right;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.Source;
import io.mamba.client.SubscriptionName;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.MambaMessage;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.selector.Selector;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueSession;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicSession;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A session, general or of a legacy domain. One thread at a time uses it, as the API demands; any thread may close it.
 *
 * <p>Closing: receivers and then sends that wait for room end first, so that blocked calls return and a listener whose
 * send is ended does not get its message once more; then receives and a running listener are waited for, with the session
 * still usable for them; then completions; then the settlement, and last the client session.
 */
public class MambaSession implements QueueSession, TopicSession {
    private enum State {
        OPEN,
        /** A listener may still be running and use the session. */
        CLOSING,
        CLOSED
    }

    private final MambaConnection connection;
    private final ClientSession session;
    private final SessionKind kind;
    private final Settlement settlement;
    private final Runnable closedHook;
    private final Permissions permissions;
    private final ListenerDispatch dispatch;
    private final ServerWork serverWork;
    private final Completions completions = new Completions();
    private final Set<MambaConsumer> consumers = ConcurrentHashMap.newKeySet();

    private volatile State state = State.OPEN;

    MambaSession(MambaConnection connection, Lease.SessionLease lease, Permissions permissions) {
        this.connection = connection;
        this.session = lease.session();
        this.kind = lease.kind();
        this.settlement = lease.settlement();
        this.closedHook = lease.closed();
        this.permissions = permissions;
        session.allowWaits();
        dispatch = new ListenerDispatch(this);
        serverWork = new ServerWork(this);
    }

    final ClientSession clientSession() {
        return session;
    }

    final MambaConnection connection() {
        return connection;
    }

    final Settlement settlement() {
        return settlement;
    }

    final ListenerDispatch dispatch() {
        return dispatch;
    }

    final ServerWork serverWork() {
        return serverWork;
    }

    final void checkOpen() throws JMSException {
        if (state == State.CLOSED) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The session is closed.");
        }
    }

    final boolean isClosed() {
        return state == State.CLOSED;
    }

    private void check(Permission permission) throws JMSException {
        checkOpen();
        permissions.check(permission);
    }

    final void checkPermission(Permission permission) throws JMSException {
        permissions.check(permission);
    }

    /** IllegalStateException if a listener or completion listener of this session calls. */
    final void checkNotInCallback(String what) throws JMSException {
        if (dispatch.isCurrent()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "A message listener may not " + what + ".");
        }
        checkNotInCompletion(what);
    }

    final void checkNotInCompletion(String what) throws JMSException {
        if (completions.isCurrent()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "A completion listener may not " + what + ".");
        }
    }

    /** The dispatch first, so that nothing is offered to it that it would give back. */
    final void start() {
        dispatch.resume();
        session.start();
    }

    /** Nothing more is handed out from now on; waits for nobody. */
    final void halt() {
        session.stop();
    }

    final void stop() {
        halt();
        dispatch.pause();
    }

    final void forget(MambaConsumer consumer) {
        consumers.remove(consumer);
    }

    /** The message of a delivery. One that cannot be read counts as delivered, so that it ends with the dead letters. */
    final MambaMessage message(Delivery delivery) {
        try {
            return connection.messages().received(delivery.message(), delivery.attempt(), this::acknowledge);
        } catch (RuntimeException e) {
            delivery.mark();
            session.fail(List.of(delivery), "It cannot be read: " + e);
            throw e;
        }
    }

    final void acknowledge() throws JMSException {
        checkOpen();
        settlement.acknowledge();
    }

    /** Sends now, and tells the listener when it is done if there is one. */
    final void send(Envelope envelope, Message message, @Nullable CompletionListener listener) throws JMSException {
        Errors.check(() -> {
            if (listener == null) {
                settlement.send(envelope);
            } else {
                completions.track(settlement.sendAsync(envelope), message, listener);
            }
        });
    }

    final void awaitCompletions() {
        completions.await();
    }

    // Messages

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        checkOpen();
        return connection.messages().bytes();
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        checkOpen();
        return connection.messages().map();
    }

    @Override
    public Message createMessage() throws JMSException {
        checkOpen();
        return connection.messages().message();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        checkOpen();
        return connection.messages().object();
    }

    @Override
    public ObjectMessage createObjectMessage(@Nullable Serializable object) throws JMSException {
        ObjectMessage message = createObjectMessage();
        message.setObject(object);
        return message;
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        checkOpen();
        return connection.messages().stream();
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        checkOpen();
        return connection.messages().text();
    }

    @Override
    public TextMessage createTextMessage(@Nullable String text) throws JMSException {
        TextMessage message = createTextMessage();
        message.setText(text);
        return message;
    }

    // Transactions and acknowledgement

    @Override
    public boolean getTransacted() throws JMSException {
        checkOpen();
        return kind.mode() == SESSION_TRANSACTED;
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        checkOpen();
        return kind.mode();
    }

    @Override
    public void commit() throws JMSException {
        checkOpen();
        checkNotInCompletion("commit");
        Errors.check(() -> {
            completions.await();
            settlement.commit();
        });
    }

    @Override
    public void rollback() throws JMSException {
        checkOpen();
        checkNotInCompletion("roll back");
        Errors.check(() -> {
            completions.await();
            restartAfter(settlement::rollback);
        });
    }

    @Override
    public void recover() throws JMSException {
        checkOpen();
        Errors.check(() -> restartAfter(settlement::recover));
    }

    /** What listeners were to get next was taken while older messages were still here: it goes back, to follow them. */
    private void restartAfter(Errors.Action givingBack) throws JMSException {
        try {
            givingBack.run();
        } finally {
            session.restart();
        }
    }

    // Server sessions

    @Override
    public @Nullable MessageListener getMessageListener() throws JMSException {
        check(Permission.MESSAGE_LISTENER);
        return serverWork.activeListener();
    }

    @Override
    public void setMessageListener(@Nullable MessageListener listener) throws JMSException {
        check(Permission.MESSAGE_LISTENER);
        serverWork.listener(listener);
    }

    @Override
    public void run() {
        Errors.uncheck(() -> {
            check(Permission.MESSAGE_LISTENER);
            serverWork.run();
        });
    }

    // Destinations

    @Override
    public Queue createQueue(String name) throws JMSException {
        check(Permission.QUEUES);
        return new MambaQueue(checkName(name));
    }

    @Override
    public Topic createTopic(String name) throws JMSException {
        check(Permission.TOPICS);
        return new MambaTopic(checkName(name));
    }

    private static String checkName(@Nullable String name) throws JMSException {
        if (name == null || name.isEmpty()) {
            throw Errors.of(ErrorCode.INVALID_DESTINATION, "A destination needs a name that is not null or empty.");
        }
        return name;
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        check(Permission.QUEUES);
        return connection.temporaries().queue();
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        check(Permission.TOPICS);
        return connection.temporaries().topic();
    }

    // Producers

    @Override
    public MambaProducer createProducer(@Nullable Destination destination) throws JMSException {
        checkOpen();
        return Errors.checked(() -> {
            if (destination != null) {
                connection.client().use(MambaDestination.own(destination), Right.SEND);
            }
            return new MambaProducer(this, destination);
        });
    }

    @Override
    public MambaProducer createSender(@Nullable Queue queue) throws JMSException {
        return createProducer(queue);
    }

    @Override
    public MambaProducer createPublisher(@Nullable Topic topic) throws JMSException {
        return createProducer(topic);
    }

    // Consumers

    @Override
    public MambaConsumer createConsumer(Destination destination) throws JMSException {
        return createConsumer(destination, null, false);
    }

    @Override
    public MambaConsumer createConsumer(Destination destination, @Nullable String selector) throws JMSException {
        return createConsumer(destination, selector, false);
    }

    @Override
    public MambaConsumer createConsumer(Destination destination, @Nullable String selector, boolean noLocal)
            throws JMSException {
        checkOpen();
        return Errors.checked(() -> open(destination, Sources.of(destination, selector, noLocal)));
    }

    @Override
    public MambaConsumer createReceiver(Queue queue) throws JMSException {
        return createConsumer(queue, null, false);
    }

    @Override
    public MambaConsumer createReceiver(Queue queue, @Nullable String selector) throws JMSException {
        return createConsumer(queue, selector, false);
    }

    @Override
    public MambaConsumer createSubscriber(Topic topic) throws JMSException {
        return createConsumer(topic, null, false);
    }

    @Override
    public MambaConsumer createSubscriber(Topic topic, @Nullable String selector, boolean noLocal) throws JMSException {
        return createConsumer(topic, selector, noLocal);
    }

    @Override
    public MambaConsumer createSharedConsumer(Topic topic, String name) throws JMSException {
        return createSharedConsumer(topic, name, null);
    }

    @Override
    public MambaConsumer createSharedConsumer(Topic topic, String name, @Nullable String selector) throws JMSException {
        return subscribe(topic, Source.Kind.SHARED, name, selector, false);
    }

    @Override
    public MambaConsumer createDurableSubscriber(Topic topic, String name) throws JMSException {
        return createDurableConsumer(topic, name, null, false);
    }

    @Override
    public MambaConsumer createDurableSubscriber(Topic topic, String name, @Nullable String selector, boolean noLocal)
            throws JMSException {
        return createDurableConsumer(topic, name, selector, noLocal);
    }

    @Override
    public MambaConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
        return createDurableConsumer(topic, name, null, false);
    }

    @Override
    public MambaConsumer createDurableConsumer(Topic topic, String name, @Nullable String selector, boolean noLocal)
            throws JMSException {
        return subscribe(topic, Source.Kind.DURABLE, name, selector, noLocal);
    }

    @Override
    public MambaConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
        return createSharedDurableConsumer(topic, name, null);
    }

    @Override
    public MambaConsumer createSharedDurableConsumer(Topic topic, String name, @Nullable String selector)
            throws JMSException {
        return subscribe(topic, Source.Kind.SHARED_DURABLE, name, selector, false);
    }

    private MambaConsumer subscribe(
            Topic topic, Source.Kind kind, String name, @Nullable String selector, boolean noLocal)
            throws JMSException {
        check(Permission.TOPICS);
        return Errors.checked(
                () -> open(topic, Sources.subscription(topic, kind, subscription(name), selector, noLocal)));
    }

    private SubscriptionName subscription(@Nullable String name) throws JMSException {
        return Sources.name(connection.currentClientId(), name);
    }

    private MambaConsumer open(Destination destination, Source source) {
        connection.client().use(source.destination(), Right.RECEIVE);
        MambaConsumer consumer = new MambaConsumer(this, session.receiver(source), destination, source);
        consumers.add(consumer);
        return consumer;
    }

    @Override
    public void unsubscribe(String name) throws JMSException {
        check(Permission.TOPICS);
        Errors.check(() -> connection.client().unsubscribe(subscription(name)));
    }

    @Override
    public MambaBrowser createBrowser(Queue queue) throws JMSException {
        return createBrowser(queue, null);
    }

    @Override
    public MambaBrowser createBrowser(Queue queue, @Nullable String selector) throws JMSException {
        check(Permission.QUEUES);
        return Errors.checked(() -> {
            Address address = MambaDestination.own(queue);
            connection.client().use(address, Right.BROWSE);
            return new MambaBrowser(this, queue, address, Selector.parse(selector));
        });
    }

    @Override
    public void close() throws JMSException {
        checkNotInCallback("close its session");
        synchronized (this) {
            if (state != State.OPEN) {
                return;
            }
            state = State.CLOSING;
        }
        List<Errors.Action> steps = new ArrayList<>();
        for (MambaConsumer consumer : consumers) {
            steps.add(consumer::end);
        }
        steps.add(session::endWaits);
        for (MambaConsumer consumer : consumers) {
            steps.add(consumer::awaitReceives);
        }
        steps.add(this::stop);
        steps.add(completions::await);
        steps.add(() -> state = State.CLOSED);
        steps.add(settlement::close);
        steps.add(closedHook::run);
        steps.add(dispatch::shutdown);
        steps.add(completions::shutdown);
        steps.add(() -> connection.forget(this));
        Steps.all(steps);
    }
}
