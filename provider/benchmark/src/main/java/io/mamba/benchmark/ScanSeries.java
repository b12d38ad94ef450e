package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import jakarta.jms.Connection;
import jakarta.jms.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** How long a log takes to open, with what waits in it, and how fast its records are read and checked. */
final class ScanSeries implements Series {
    private static final int[] WAITING = {100_000, 500_000};
    private static final Set<String> KEYED = Set.of("mamba.state", "mamba.branches");

    @Override
    public Table run(Options options) throws Exception {
        Table table = new Table(
                "Opening again after a clean close, in a JVM that is warm, and reading all records of 1 KiB from the"
                        + " system's cache; "
                        + options.directory() + ", medians of " + options.repetitions(),
                "messages waiting",
                "open ms",
                "open to first receive ms",
                "scan MB/s");
        for (int waiting : WAITING) {
            row(table, options, waiting);
        }
        return table;
    }

    private static void row(Table table, Options options, int waiting) throws Exception {
        Path directory = Files.createTempDirectory(options.directory(), "mamba-benchmark");
        try {
            MambaConnectionFactory factory = new MambaConnectionFactory("mamba:file:" + directory);
            try (Connection connection = factory.createConnection()) {
                Case.fill(connection, waiting);
            }
            double[] open = new double[options.repetitions()];
            double[] first = new double[options.repetitions()];
            double[] scan = new double[options.repetitions()];
            for (int i = 0; i < options.repetitions(); i++) {
                long start = System.nanoTime();
                try (Connection connection = factory.createConnection()) {
                    open[i] = (System.nanoTime() - start) / 1e6;
                    connection.start();
                    Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                    if (session.createConsumer(session.createQueue(Senders.QUEUE))
                                    .receive(60_000)
                            == null) {
                        throw new IllegalStateException("nothing to receive");
                    }
                    first[i] = (System.nanoTime() - start) / 1e6;
                    session.rollback();
                }
                scan[i] = scan(directory, waiting);
            }
            table.row(
                    String.format(java.util.Locale.ROOT, "%,d", waiting),
                    number(Table.median(open)),
                    number(Table.median(first)),
                    number(Table.median(scan)));
        } finally {
            Provider.delete(directory);
        }
    }

    private static double scan(Path directory, int expected) {
        AtomicLong bytes = new AtomicLong();
        AtomicLong count = new AtomicLong();
        try (Log log = FileLog.open(directory, KEYED, FileLogOptions.defaults())) {
            long start = System.nanoTime();
            log.read(Map.of(new Partition("queue." + Senders.QUEUE, 0), 0L), stored -> {
                byte[] value = stored.record().value();
                bytes.addAndGet(value == null ? 0 : value.length);
                count.incrementAndGet();
            });
            long nanos = System.nanoTime() - start;
            if (count.get() < expected) {
                throw new IllegalStateException("read " + count + " of " + expected);
            }
            return bytes.get() * 1e3 / nanos;
        }
    }
}
