package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.log.Batch;
import io.mamba.log.InMemoryLog;
import io.mamba.node.LeasedLog;
import io.mamba.node.Nodes;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.XASession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk, as programs see it: who sends is refused, who settles goes on, and all goes on when there is space. */
class FullDiskTest {
    private static final long SOON = 20_000;

    private record Branch(int number) implements Xid {
        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {(byte) number};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }

    private final InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private Nodes.Lease lease;
    private MambaConnectionFactory factory;
    private Connection connection;
    private Session session;
    private Queue orders;

    @BeforeEach
    void open(@TempDir Path directory) throws JMSException {
        String url = "mamba:file:" + directory.resolve("steered");
        lease = LeasedLog.open(url, log);
        factory = new MambaConnectionFactory(url);
        connection = factory.createConnection();
        connection.start();
        session = connection.createSession();
        orders = session.createQueue("orders");
    }

    @AfterEach
    void close() throws JMSException {
        log.onlyFor(Batch.Purpose.GROWING);
        connection.close();
        lease.close();
    }

    @Test
    void refusesSendsOfEachKindAndNamesDestinationAndSize() throws Exception {
        send(session, "a");
        log.onlyFor(Batch.Purpose.MOVING);

        assertThatThrownBy(() -> send(session, "b"))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageMatching("A message of \\d+ bytes for queue://orders was refused: The disk was filled .*");
        MessageProducer producer = session.createProducer(orders);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        assertThatThrownBy(() -> producer.send(session.createTextMessage("c")))
                .isInstanceOf(ResourceAllocationException.class);
        CompletableFuture<Message> sent = new CompletableFuture<>();
        producer.send(session.createTextMessage("d"), new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                sent.complete(message);
            }

            @Override
            public void onException(Message message, Exception exception) {
                sent.completeExceptionally(exception);
            }
        });
        assertThatThrownBy(() -> sent.get(SOON, TimeUnit.MILLISECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ResourceAllocationException.class);
        assertThat(drain()).containsExactly("a");
    }

    @Test
    void letsReceiversGoOnInEveryModeAndSendsWhenThereIsSpaceAgain() throws JMSException {
        send(session, "a", "b", "c", "d");
        Session client = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        log.onlyFor(Batch.Purpose.SETTLING);

        assertThat(receive(session)).isEqualTo("a");
        MessageConsumer acknowledging = client.createConsumer(orders);
        Objects.requireNonNull(acknowledging.receive(SOON)).acknowledge();
        acknowledging.close();
        assertThat(receive(transacted)).isEqualTo("c");
        transacted.commit();
        assertThat(receive(transacted)).isEqualTo("d");
        transacted.rollback();
        assertThat(receive(transacted)).isEqualTo("d");
        transacted.rollback();
        assertThatThrownBy(() -> send(session, "e")).isInstanceOf(ResourceAllocationException.class);

        log.onlyFor(Batch.Purpose.GROWING);
        send(session, "f");
        transacted.close();
        assertThat(drain()).containsExactly("d", "f");
    }

    @Test
    void rollsATransactionBackThatOnlySends() throws JMSException {
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        send(transacted, "a", "b");
        log.onlyFor(Batch.Purpose.MOVING);

        assertThatThrownBy(transacted::commit).isInstanceOf(TransactionRolledBackException.class);

        log.onlyFor(Batch.Purpose.GROWING);
        send(transacted, "c");
        transacted.commit();
        assertThat(drain()).containsExactly("c");
    }

    @Test
    void rollsABranchBackThatCannotBePreparedAndFinishesOneThatIs() throws Exception {
        send(session, "a", "b");
        try (var xa = factory.createXAConnection()) {
            xa.start();
            XASession branches = xa.createXASession();
            XAResource resource = branches.getXAResource();
            resource.start(new Branch(1), XAResource.TMNOFLAGS);
            assertThat(receive(branches)).isEqualTo("a");
            send(branches, "x");
            resource.end(new Branch(1), XAResource.TMSUCCESS);
            resource.prepare(new Branch(1));
            resource.start(new Branch(2), XAResource.TMNOFLAGS);
            assertThat(receive(branches)).isEqualTo("b");
            send(branches, "y");
            resource.end(new Branch(2), XAResource.TMSUCCESS);
            log.onlyFor(Batch.Purpose.SETTLING);

            assertThatThrownBy(() -> resource.prepare(new Branch(2)))
                    .isInstanceOfSatisfying(
                            XAException.class,
                            refused -> assertThat(refused.errorCode).isEqualTo(XAException.XA_RBROLLBACK));
            assertThatThrownBy(() -> resource.rollback(new Branch(2)))
                    .isInstanceOfSatisfying(
                            XAException.class,
                            unknown -> assertThat(unknown.errorCode).isEqualTo(XAException.XAER_NOTA));
            resource.commit(new Branch(1), false);
            assertThat(resource.recover(XAResource.TMSTARTRSCAN)).isEmpty();
        }

        assertThat(drain()).containsExactly("b", "x");
    }

    private void send(Session sending, String... texts) throws JMSException {
        try (MessageProducer producer = sending.createProducer(orders)) {
            for (String text : texts) {
                producer.send(sending.createTextMessage(text));
            }
        }
    }

    private String receive(Session receiving) throws JMSException {
        try (MessageConsumer consumer = receiving.createConsumer(orders)) {
            return Objects.requireNonNull(consumer.receive(SOON), "no message").getBody(String.class);
        }
    }

    private List<String> drain() throws JMSException {
        List<String> texts = new ArrayList<>();
        try (MessageConsumer consumer = session.createConsumer(orders)) {
            for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                texts.add(message.getBody(String.class));
            }
        }
        return texts;
    }
}
