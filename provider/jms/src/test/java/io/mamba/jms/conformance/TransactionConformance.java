package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XASession;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;

/** Transacted sessions and XA sessions. */
abstract class TransactionConformance extends Conformance {
    @Test
    void sendsAreInvisibleBeforeCommit() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a", "b");
        assertThat(drain("orders")).isEmpty();

        session.commit();

        assertThat(drain("orders")).containsExactly("a", "b");
    }

    @Test
    void sendsAreDroppedByRollbackAndClose() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a");
        session.rollback();
        send(session, queue(session), "b");
        session.close();

        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void receivesComeBackInOrderAfterRollback() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a", "b", "c");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        next(consumer);

        session.rollback();

        Message a = next(consumer);
        assertThat(text(a)).isEqualTo("a");
        assertThat(a.getJMSRedelivered()).isTrue();
        assertThat(a.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        assertThat(nextText(consumer)).isEqualTo("b");
        assertThat(nextText(consumer)).isEqualTo("c");
        session.commit();
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void receivesComeBackAfterCloseWithoutCommit() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a", "b");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        session.close();

        assertThat(drain("orders")).containsExactly("a", "b");
    }

    @Test
    void nothingIsOverlookedByReceiveNoWaitBetweenSlowCommits() throws JMSException {
        Session session = connection().createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue("drained"));
        for (int i = 0; i < 1_000; i++) {
            producer.send(session.createTextMessage("m" + i));
        }
        session.commit();
        MessageConsumer consumer = session.createConsumer(session.createQueue("drained"));
        for (int i = 0; i < 1_000; i++) {
            Message next = consumer.receiveNoWait();
            assertThat(next).as("message %d", i).isNotNull();
            assertThat(next.getBody(String.class)).isEqualTo("m" + i);
            if (i % 100 == 99) {
                LockSupport.parkNanos(
                        (41 + i / 100) * 1_000_000L); // a slow commit: meanwhile what was fetched goes back for others
                session.commit();
            }
        }
        assertThat(consumer.receiveNoWait()).isNull();
        session.commit();
    }

    @Test
    void oneTransactionSpansQueuesAndTopics() throws JMSException {
        Session listener = session();
        MessageConsumer subscriber = listener.createConsumer(topic(listener));
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "in");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));

        next(consumer);
        send(session, session.createQueue("out"), "out");
        send(session, topic(session), "news");
        assertThat(subscriber.receiveNoWait()).isNull();
        session.commit();

        assertThat(drain("orders")).isEmpty();
        assertThat(drain("out")).containsExactly("out");
        assertThat(nextText(subscriber)).isEqualTo("news");
    }

    @Test
    void aConsumerClosedInsideStillBelongsToTheTransaction() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        consumer.close();
        assertThat(drain("orders")).isEmpty();

        session.rollback();

        assertThat(drain("orders")).containsExactly("a");
    }

    @Test
    void commitAndRollbackAreForTransactedSessions() throws JMSException {
        Session session = session();

        assertThatThrownBy(session::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(session::rollback).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(context()::commit).isInstanceOf(IllegalStateRuntimeException.class);
    }

    /** A branch of a transaction manager. */
    private record Branch(byte number) implements Xid {
        @Override
        public int getFormatId() {
            return 7;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {number};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }

    @Test
    void anXaSessionWorksInItsBranch() throws Exception {
        XAConnection connection = closing(factory().createXAConnection());
        connection.start();
        XASession session = connection.createXASession();
        Session plain = session();
        send(plain, queue(plain), "in");
        MessageConsumer consumer = session.createConsumer(queue(session));
        XAResource resource = session.getXAResource();
        Branch branch = new Branch((byte) 1);

        resource.start(branch, XAResource.TMNOFLAGS);
        assertThat(nextText(consumer)).isEqualTo("in");
        send(session, session.createQueue("out"), "out");
        resource.end(branch, XAResource.TMSUCCESS);
        assertThat(resource.prepare(branch)).isEqualTo(XAResource.XA_OK);
        assertThat(drain("out")).isEmpty();
        resource.commit(branch, false);

        assertThat(drain("out")).containsExactly("out");
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aBranchRolledBackLeavesNothing() throws Exception {
        XAConnection connection = closing(factory().createXAConnection());
        connection.start();
        XASession session = connection.createXASession();
        Session plain = session();
        send(plain, queue(plain), "in");
        MessageConsumer consumer = session.createConsumer(queue(session));
        XAResource resource = session.getXAResource();
        Branch branch = new Branch((byte) 2);

        resource.start(branch, XAResource.TMNOFLAGS);
        next(consumer);
        send(session, session.createQueue("out"), "out");
        resource.end(branch, XAResource.TMSUCCESS);
        resource.prepare(branch);
        resource.rollback(branch);
        consumer.close();

        assertThat(drain("out")).isEmpty();
        assertThat(drain("orders")).containsExactly("in");
    }

    @Test
    void aBranchOutlivesTheLastConnection() throws Exception {
        Session plain = session();
        send(plain, queue(plain), "in");
        plain.close();
        closeAll();
        XAConnection connection = factory().createXAConnection();
        connection.start();
        XASession session = connection.createXASession();
        MessageConsumer consumer = session.createConsumer(queue(session));
        XAResource resource = session.getXAResource();
        Branch branch = new Branch((byte) 3);
        resource.start(branch, XAResource.TMNOFLAGS);
        assertThat(nextText(consumer)).isEqualTo("in");
        send(session, session.createQueue("out"), "out");

        connection.close();
        resource.end(branch, XAResource.TMSUCCESS);
        assertThat(resource.prepare(branch)).isEqualTo(XAResource.XA_OK);
        resource.commit(branch, false);

        assertThat(drain("out")).containsExactly("out");
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aBranchOfAClosedConnectionIsRolledBack() throws Exception {
        Session plain = session();
        send(plain, queue(plain), "in");
        closeAll();
        XAConnection connection = factory().createXAConnection();
        connection.start();
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        Branch branch = new Branch((byte) 4);
        resource.start(branch, XAResource.TMNOFLAGS);
        assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("in");
        send(session, session.createQueue("out"), "out");

        session.close();
        connection.close();
        resource.end(branch, XAResource.TMFAIL);
        resource.rollback(branch);

        assertThat(drain("out")).isEmpty();
        assertThat(drain("orders")).containsExactly("in");
        assertThatThrownBy(() -> resource.start(new Branch((byte) 5), XAResource.TMNOFLAGS))
                .isInstanceOf(XAException.class);
    }

    @Test
    void anXaSessionCannotCommitByItself() throws JMSException {
        XASession session = closing(factory().createXAConnection()).createXASession();
        assertThat(session.getTransacted()).isTrue();
        assertThat(session.getSession()).isNotNull();
        assertThatThrownBy(session::commit).isInstanceOf(TransactionInProgressException.class);
        assertThatThrownBy(session::rollback).isInstanceOf(TransactionInProgressException.class);

        XAJMSContext context = closing(factory().createXAContext());
        assertThat(context.getTransacted()).isTrue();
        assertThat(context.getXAResource()).isNotNull();
        assertThatThrownBy(context::commit).isInstanceOf(TransactionInProgressRuntimeException.class);
    }
}
