package io.mamba.benchmark;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** The same by Jakarta Messaging on Mamba. All threads share a connection. */
final class JmsOnKafka implements Contender {
    private static final int FILL = 1000;
    private static final long PATIENCE = 2000;
    private static final AtomicLong BRANCHES = new AtomicLong();

    private final XAConnection connection;

    JmsOnKafka(String servers) throws JMSException {
        connection = new MambaConnectionFactory("mamba:kafka://" + servers + "?node=benchmark").createXAConnection();
        connection.start();
    }

    @Override
    public void fill(String place, int threads, int count) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(place));
            for (int i = 1; i <= count; i++) {
                producer.send(Senders.message(session));
                if (i % FILL == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }

    @Override
    public Operation sending(String place, int thread) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue(place));
        return new InSession(session) {
            @Override
            public boolean once() throws JMSException {
                producer.send(Senders.message(session));
                return true;
            }
        };
    }

    @Override
    public Operation receiving(String place, int thread) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(place));
        return new InSession(session) {
            @Override
            public boolean once() throws JMSException {
                return consumer.receive(PATIENCE) != null;
            }
        };
    }

    @Override
    public Operation receivingOneByOne(String place, int thread) throws JMSException {
        Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(place));
        return new InSession(session) {
            @Override
            public boolean once() throws JMSException {
                Message message = consumer.receive(PATIENCE);
                if (message != null) {
                    message.acknowledge();
                }
                return message != null;
            }
        };
    }

    @Override
    public Operation passingOn(String place, int thread) throws JMSException {
        return new PassingOn(connection.createSession(true, Session.SESSION_TRANSACTED), place) {
            @Override
            public boolean once() throws JMSException {
                boolean some = pass();
                session.commit();
                return some;
            }
        };
    }

    /** The same with a branch of its own for each message, prepared and committed as a transaction manager does. */
    Operation passingOnInBranches(String place) throws JMSException {
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        return new PassingOn(session, place) {
            @Override
            public boolean once() throws Exception {
                Xid xid = new Branch(BRANCHES.incrementAndGet());
                resource.start(xid, XAResource.TMNOFLAGS);
                boolean some = pass();
                resource.end(xid, XAResource.TMSUCCESS);
                if (resource.prepare(xid) == XAResource.XA_OK) {
                    resource.commit(xid, false);
                }
                return some;
            }
        };
    }

    @Override
    public long transactions() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        long all = 0;
        for (ObjectName node : server.queryNames(new ObjectName("io.mamba:type=Node,*"), null)) {
            all += (Long) server.getAttribute(node, "Transactions");
        }
        return all;
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }

    private abstract static class InSession implements Operation {
        final Session session;

        InSession(Session session) {
            this.session = session;
        }

        @Override
        public void close() throws JMSException {
            session.close();
        }
    }

    private abstract static class PassingOn extends InSession {
        private final MessageConsumer consumer;
        private final MessageProducer producer;

        PassingOn(Session session, String place) throws JMSException {
            super(session);
            consumer = session.createConsumer(session.createQueue(place));
            producer = session.createProducer(session.createQueue(place + ".out"));
        }

        final boolean pass() throws JMSException {
            Message message = consumer.receive(PATIENCE);
            if (message != null) {
                producer.send(message);
            }
            return message != null;
        }
    }

    private record Branch(long number) implements Xid {
        @Override
        public int getFormatId() {
            return 0x4d42;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }
}
