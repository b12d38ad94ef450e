package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.file.Path;
import java.util.Locale;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions and branches of 100,000 messages; prints how long each step takes. */
class LargeBranchIT {
    private static final int MESSAGES = 100_000;
    private static final Name BRANCH = new Name(7);

    @TempDir
    Path directory;

    private MambaConnectionFactory factory;

    private record Name(int number) implements Xid {
        @Override
        public int getFormatId() {
            return 4711;
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

    private interface Work {
        void run() throws Exception;
    }

    private static void timed(String what, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        System.out.printf(Locale.ROOT, "%s: %,d ms%n", what, (System.nanoTime() - start) / 1_000_000);
    }

    @BeforeEach
    void name() {
        factory = new MambaConnectionFactory("mamba:file:" + directory.resolve("log"));
    }

    @Test
    void sendsAndReceivesAllInOneLocalTransaction() throws Exception {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            timed("100,000 sends in one local transaction", () -> send(session));
            timed("their commit", session::commit);
            timed("100,000 receives in one local transaction", () -> receive(session, MESSAGES));
            timed("their commit", session::commit);
            receive(session, 0);
        }
    }

    @Test
    void findsABranchOfSendsAfterARestart() throws Exception {
        try (XAConnection connection = factory.createXAConnection();
                XASession session = connection.createXASession()) {
            XAResource resource = session.getXAResource();
            resource.start(BRANCH, XAResource.TMNOFLAGS);
            timed("100,000 sends in one branch", () -> send(session));
            resource.end(BRANCH, XAResource.TMSUCCESS);
            timed("their prepare", () -> resource.prepare(BRANCH));
        }
        commitAfterRestart();
        expectWaiting(MESSAGES);
    }

    @Test
    void findsABranchOfReceivesAfterARestartAndNobodyGetsItsMessages() throws Exception {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            send(session);
            session.commit();
        }
        try (XAConnection connection = factory.createXAConnection();
                XASession session = connection.createXASession()) {
            connection.start();
            XAResource resource = session.getXAResource();
            resource.start(BRANCH, XAResource.TMNOFLAGS);
            timed("100,000 receives in one branch", () -> receive(session, MESSAGES));
            resource.end(BRANCH, XAResource.TMSUCCESS);
            timed("their prepare", () -> resource.prepare(BRANCH));
        }
        commitAfterRestart();
        expectWaiting(0);
    }

    private void commitAfterRestart() throws Exception {
        expectWaiting(0);
        XAConnection[] opened = new XAConnection[1];
        timed("opening with the branch prepared", () -> opened[0] = factory.createXAConnection());
        try (XAConnection connection = opened[0];
                XASession session = connection.createXASession()) {
            XAResource resource = session.getXAResource();
            Xid[] found = resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
            assertThat(found).hasSize(1);
            timed("its commit", () -> resource.commit(found[0], false));
            assertThat(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                    .isEmpty();
        }
    }

    private void expectWaiting(int count) throws Exception {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            receive(session, count);
            session.commit();
        }
    }

    private static void send(Session session) throws Exception {
        MessageProducer producer = session.createProducer(session.createQueue("large"));
        for (int i = 0; i < MESSAGES; i++) {
            producer.send(session.createTextMessage("message " + i));
        }
    }

    /** So many and no more. */
    private static void receive(Session session, int count) throws Exception {
        Queue queue = session.createQueue("large");
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            for (int i = 0; i < count; i++) {
                assertThat(consumer.receive(60_000).getBody(String.class)).isEqualTo("message " + i);
            }
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }
}
