package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simplified API: a session and its share of a connection, line by line. */
public class MambaContext implements JMSContext {
    private final ContextConnection shared;
    private final MambaSession session;

    private volatile boolean autoStart = true;
    private volatile boolean closed;

    MambaContext(ContextConnection shared, MambaSession session) {
        this.shared = shared;
        this.session = session;
    }

    /** A context that owns this new connection; on failure the connection is closed. */
    public static MambaContext owning(MambaConnection connection, SessionKind kind) throws JMSException {
        return new MambaContext(
                new ContextConnection(connection),
                opened(connection, () -> connection.openSession(kind, Permissions.ALL)));
    }

    static <S extends MambaSession> S opened(MambaConnection connection, Errors.Call<S> opening) throws JMSException {
        try {
            return Errors.checked(opening);
        } catch (JMSException e) {
            connection.close();
            throw e;
        }
    }

    final MambaSession session() {
        return session;
    }

    private MambaConnection connection() {
        return shared.connection();
    }

    private void checkOpen() throws JMSException {
        if (closed) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The context is closed.");
        }
    }

    /** The connection, for a call of the program's on this context. */
    private MambaConnection use() throws JMSException {
        checkOpen();
        return connection();
    }

    /** Opens a consumer, and starts the connection if it is to start by itself. */
    private JMSConsumer consume(Errors.Call<MambaConsumer> opening) {
        return Errors.unchecked(() -> {
            use().use();
            MambaConsumer consumer = Errors.checked(opening);
            if (autoStart) {
                connection().start();
            }
            return new ContextConsumer(consumer);
        });
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return Errors.unchecked(() -> {
            use().use();
            SessionKind kind = SessionKind.of(sessionMode);
            connection().permissions().check(Permission.SEVERAL_SESSIONS);
            ContextConnection share = shared.share();
            try {
                return new MambaContext(share, connection().openSession(kind, Permissions.ALL));
            } catch (JMSException e) {
                share.release();
                throw e;
            }
        });
    }

    @Override
    public JMSProducer createProducer() {
        return Errors.unchecked(() -> {
            use().use();
            return new ContextProducer(session, session.createProducer(null));
        });
    }

    @Override
    public @Nullable String getClientID() {
        return Errors.unchecked(() -> use().getClientID());
    }

    @Override
    public void setClientID(String clientId) {
        Errors.uncheck(() -> use().setClientID(clientId));
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return Errors.unchecked(() -> use().getMetaData());
    }

    @Override
    public @Nullable ExceptionListener getExceptionListener() {
        return Errors.unchecked(() -> use().getExceptionListener());
    }

    @Override
    public void setExceptionListener(@Nullable ExceptionListener listener) {
        Errors.uncheck(() -> use().setExceptionListener(listener));
    }

    @Override
    public void start() {
        Errors.uncheck(() -> use().start());
    }

    @Override
    public void stop() {
        Errors.uncheck(() -> use().stop());
    }

    @Override
    public void setAutoStart(boolean autoStart) {
        Errors.uncheck(this::checkOpen);
        this.autoStart = autoStart;
    }

    @Override
    public boolean getAutoStart() {
        Errors.uncheck(this::checkOpen);
        return autoStart;
    }

    @Override
    public void close() {
        Errors.uncheck(() -> {
            session.checkNotInCallback("close its context");
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            Steps.all(List.of(session::close, shared::release));
        });
    }

    @Override
    public BytesMessage createBytesMessage() {
        return Errors.unchecked(session::createBytesMessage);
    }

    @Override
    public MapMessage createMapMessage() {
        return Errors.unchecked(session::createMapMessage);
    }

    @Override
    public Message createMessage() {
        return Errors.unchecked(session::createMessage);
    }

    @Override
    public ObjectMessage createObjectMessage() {
        return Errors.unchecked(() -> session.createObjectMessage());
    }

    @Override
    public ObjectMessage createObjectMessage(@Nullable Serializable object) {
        return Errors.unchecked(() -> session.createObjectMessage(object));
    }

    @Override
    public StreamMessage createStreamMessage() {
        return Errors.unchecked(session::createStreamMessage);
    }

    @Override
    public TextMessage createTextMessage() {
        return Errors.unchecked(() -> session.createTextMessage());
    }

    @Override
    public TextMessage createTextMessage(@Nullable String text) {
        return Errors.unchecked(() -> session.createTextMessage(text));
    }

    @Override
    public boolean getTransacted() {
        return Errors.unchecked(session::getTransacted);
    }

    @Override
    public int getSessionMode() {
        return Errors.unchecked(session::getAcknowledgeMode);
    }

    @Override
    public void commit() {
        Errors.uncheck(session::commit);
    }

    @Override
    public void rollback() {
        Errors.uncheck(session::rollback);
    }

    @Override
    public void recover() {
        Errors.uncheck(session::recover);
    }

    @Override
    public void acknowledge() {
        Errors.uncheck(session::acknowledge);
    }

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return consume(() -> session.createConsumer(destination));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, @Nullable String selector) {
        return consume(() -> session.createConsumer(destination, selector));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, @Nullable String selector, boolean noLocal) {
        return consume(() -> session.createConsumer(destination, selector, noLocal));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name) {
        return consume(() -> session.createDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name, @Nullable String selector, boolean noLocal) {
        return consume(() -> session.createDurableConsumer(topic, name, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name) {
        return consume(() -> session.createSharedDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name, @Nullable String selector) {
        return consume(() -> session.createSharedDurableConsumer(topic, name, selector));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name) {
        return consume(() -> session.createSharedConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name, @Nullable String selector) {
        return consume(() -> session.createSharedConsumer(topic, name, selector));
    }

    @Override
    public Queue createQueue(String name) {
        return Errors.unchecked(() -> session.createQueue(name));
    }

    @Override
    public Topic createTopic(String name) {
        return Errors.unchecked(() -> session.createTopic(name));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, @Nullable String selector) {
        return Errors.unchecked(() -> session.createBrowser(queue, selector));
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return Errors.unchecked(session::createTemporaryQueue);
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return Errors.unchecked(session::createTemporaryTopic);
    }

    @Override
    public void unsubscribe(String name) {
        Errors.uncheck(() -> session.unsubscribe(name));
    }
}
