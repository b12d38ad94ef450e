package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * What eight senders of small messages notice of a ninth that sends 100 MB at once; and, for comparison, of one that only
 * takes a processor, or only writes to the same disk, without any log.
 */
final class NeighbourSeries implements Series {
    private static final int SMALL_SENDERS = 8;
    private static final int MESSAGES = 100_000;
    private static final int LARGE = 100_000_000;
    private static final int PIECE = 256 << 10;
    private static final long COMPUTED_NANOS = 300_000_000;

    /** Sends 100 MB in one piece. */
    private interface Large {
        void send(MambaConnectionFactory factory) throws Exception;
    }

    @Override
    public Table run(Options options) throws Exception {
        Table table = new Table(
                "Persistent sends of 1 KiB by 8 threads while another sends 100 MB at once; " + options.directory(),
                "what the other sends",
                "takes ms",
                "p50 us alone",
                "p99 us alone",
                "p50 us meanwhile",
                "p99 us meanwhile",
                "longest us meanwhile",
                "p99 / alone");
        row(table, options, "nothing: it computes", factory -> compute());
        row(table, options, "nothing: it writes a file, forced every 256 KiB", factory -> write(options.directory()));
        row(table, options, "one message", NeighbourSeries::message);
        row(table, options, "a transaction of 100,000 messages", NeighbourSeries::transaction);
        row(table, options, "an XA branch of 100,000 messages", NeighbourSeries::branch);
        return table;
    }

    private static void row(Table table, Options options, String name, Large large) throws Exception {
        try (Provider provider = new Provider(options.directory());
                Crowd crowd = new Crowd(SMALL_SENDERS);
                Connection connection = provider.factory().createConnection()) {
            Crowd.Work small = more -> new Senders().work(connection, more);
            crowd.run(options.span(), small);
            double[] alone = crowd.run(options.span(), small).micros(0.5, 0.99);
            large.send(provider.factory());
            AtomicBoolean done = new AtomicBoolean();
            long[] nanos = new long[options.repetitions()];
            Thread other = new Thread(() -> {
                try {
                    for (int i = 0; i < nanos.length; i++) {
                        long start = System.nanoTime();
                        large.send(provider.factory());
                        nanos[i] = System.nanoTime() - start;
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    done.set(true);
                }
            });
            other.start();
            double[] meanwhile = crowd.run(() -> !done.get(), small).micros(0.5, 0.99, 1);
            other.join();
            double[] millis = new double[nanos.length];
            for (int i = 0; i < millis.length; i++) {
                millis[i] = nanos[i] / 1e6;
            }
            table.row(
                    name,
                    number(Table.median(millis)),
                    number(alone[0]),
                    number(alone[1]),
                    number(meanwhile[0]),
                    number(meanwhile[1]),
                    number(meanwhile[2]),
                    number(meanwhile[1] / alone[1]));
        }
    }

    private static void compute() {
        CRC32C sum = new CRC32C();
        byte[] some = new byte[PIECE];
        for (long start = System.nanoTime(); System.nanoTime() - start < COMPUTED_NANOS; ) {
            sum.update(some);
        }
    }

    private static void write(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "mamba-benchmark", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
            for (int written = 0; written < LARGE; written += PIECE) {
                channel.write(piece.clear());
                channel.force(false);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void message(MambaConnectionFactory factory) throws Exception {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(new byte[LARGE]);
            session.createProducer(session.createQueue("large")).send(message);
        }
    }

    private static void transaction(MambaConnectionFactory factory) throws Exception {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            sendAll(session);
            session.commit();
        }
    }

    private static void branch(MambaConnectionFactory factory) throws Exception {
        try (XAConnection connection = factory.createXAConnection();
                XASession session = connection.createXASession()) {
            XAResource resource = session.getXAResource();
            Xid branch = new Branch(System.nanoTime());
            resource.start(branch, XAResource.TMNOFLAGS);
            sendAll(session);
            resource.end(branch, XAResource.TMSUCCESS);
            resource.prepare(branch);
            resource.commit(branch, false);
        }
    }

    private static void sendAll(Session session) throws Exception {
        MessageProducer producer = session.createProducer(session.createQueue("large"));
        for (int i = 0; i < MESSAGES; i++) {
            producer.send(Senders.message(session));
        }
    }

    private record Branch(long number) implements Xid {
        @Override
        public int getFormatId() {
            return 1;
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
