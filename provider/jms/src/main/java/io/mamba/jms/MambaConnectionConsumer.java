package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.Receiver;
import io.mamba.client.Source;
import io.mamba.jms.error.Errors;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Takes messages with a session of its own and loads them into sessions of the pool, which deliver and settle them.
 *
 * <p>A thread of its own asks the pool, since that may block. A server session that the pool has given is started in any
 * case, with nothing loaded if there is nothing any more, since only its run brings it back to the pool. When the pool or
 * a server session fails, the messages go back, the exception listener is told, and the next attempt waits.
 */
final class MambaConnectionConsumer implements ConnectionConsumer {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final MambaConnection connection;
    private final ClientSession session;
    private final Receiver receiver;
    private final ServerSessionPool pool;
    private final int maxMessages;
    private final SerialThread thread = new SerialThread("mamba-connection-consumer");

    private volatile boolean closed;
    /** Owned by the thread. */
    private Duration pause = FIRST_PAUSE;

    MambaConnectionConsumer(MambaConnection connection, Source source, ServerSessionPool pool, int maxMessages) {
        this.connection = connection;
        this.pool = pool;
        this.maxMessages = maxMessages;
        session = connection.client().openSession();
        boolean opened = false;
        try {
            receiver = session.receiver(source);
            opened = true;
        } finally {
            if (!opened) {
                session.close();
            }
        }
        receiver.sink(delivery -> thread.execute(() -> assign(delivery)));
        receiver.demand();
    }

    /** For the connection's start. */
    void start() {
        session.start();
    }

    /** For the connection's stop: what sessions of the pool have is theirs to stop. */
    void stop() {
        session.stop();
    }

    private void assign(Delivery first) {
        List<Delivery> messages = new ArrayList<>(List.of(first));
        try {
            assign(messages, pool.getServerSession());
            pause = FIRST_PAUSE;
            receiver.demand();
        } catch (Throwable failure) {
            // The top of this thread's loop: whatever the server throws, the messages must not be lost to others.
            session.giveBack(messages);
            connection.failed(Errors.because(
                    failure instanceof Exception cause ? cause : new IllegalStateException(failure),
                    Errors.of(
                            ErrorCode.UNAVAILABLE,
                            "The server session pool of " + first.source() + " took no message: " + failure)));
            CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(receiver::demand);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void assign(List<Delivery> messages, ServerSession server) throws JMSException {
        ServerWork work = work(server);
        while (messages.size() < maxMessages) {
            Delivery more = receiver.take();
            if (more == null) {
                break;
            }
            messages.add(more);
        }
        if (!closed) {
            work.load(messages);
        }
        boolean started = false;
        try {
            server.start();
            started = true;
        } finally {
            if (!started) {
                work.unload();
            }
        }
    }

    private ServerWork work(ServerSession server) throws JMSException {
        if (server != null && server.getSession() instanceof MambaSession target && target.connection() == connection) {
            return target.serverWork();
        }
        throw Errors.of(
                ErrorCode.INVALID_ARGUMENT,
                "Expected a server session with a session of the connection consumer's connection.");
    }

    @Override
    public ServerSessionPool getServerSessionPool() throws JMSException {
        if (closed) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The connection consumer is closed.");
        }
        return pool;
    }

    /** What is loaded into sessions of the pool is theirs to finish. */
    @Override
    public void close() throws JMSException {
        closed = true;
        connection.forget(this);
        Errors.check(session::close);
        thread.shutdown();
    }
}
