package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import io.mamba.MambaUrl;
import io.mamba.log.Log;
import io.mamba.log.file.SlowLog;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.node.Node;
import io.mamba.thread.Threads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The same sends on a disk whose forces take longer, one layer below the JMS API: where many threads gain, and where a
 * processor's limit ends it.
 */
final class SlowDiskSeries implements Series {
    private static final Duration MORE = Duration.ofNanos(65_000);
    private static final int[] THREADS = {1, 8, 64};
    private static final Set<String> KEYED = Set.of("mamba.state", "mamba.branches");
    private static final int BODY = 1024;

    @Override
    public Table run(Options options) throws Exception {
        List<Figures> floors = new ArrayList<>();
        List<List<Figures>> cases = new ArrayList<>();
        for (int ignored : THREADS) {
            cases.add(new ArrayList<>());
        }
        for (int round = -1; round < options.repetitions(); round++) {
            for (int i = 0; i < THREADS.length; i++) {
                Figures floor = Disk.probe(options.directory(), options.span().dividedBy(4), MORE);
                Figures figures = measure(options, THREADS[i]);
                if (round >= 0) {
                    floors.add(floor);
                    cases.get(i).add(figures);
                }
            }
        }
        Table table = new Table(
                "The same, each force slowed down by a pause of at least " + MORE.toNanos() / 1000 + " us; "
                        + options.directory(),
                "case",
                "per second",
                "p50 us",
                "p99 us",
                "forces each",
                "CPU us each",
                "rate / one thread's");
        row(table, "bare append + fdatasync", floors, Double.NaN);
        double one = Figures.median(cases.get(0), Figures::perSecond);
        for (int i = 0; i < THREADS.length; i++) {
            row(
                    table,
                    THREADS[i] == 1 ? "1 thread" : THREADS[i] + " threads",
                    cases.get(i),
                    Figures.median(cases.get(i), Figures::perSecond) / one);
        }
        return table;
    }

    private static void row(Table table, String name, List<Figures> all, double rate) {
        table.row(
                name,
                number(Figures.median(all, Figures::perSecond)),
                number(Figures.median(all, Figures::p50)),
                number(Figures.median(all, Figures::p99)),
                number(Figures.median(all, Figures::forces)),
                number(Figures.median(all, Figures::cpu)),
                number(rate));
    }

    private static Figures measure(Options options, int threads) throws Exception {
        Path directory = Files.createTempDirectory(options.directory(), "mamba-benchmark");
        Log log = SlowLog.open(directory, KEYED, MORE);
        MambaUrl url = MambaUrl.parse("mamba:file:" + directory);
        try (Crowd crowd = new Crowd(threads);
                Node node = Node.open(url, log, Clock.systemUTC(), Threads.of(SlowDiskSeries::daemon))) {
            Crowd.Work work = more -> {
                Latencies latencies = new Latencies();
                long now = System.nanoTime();
                while (more.getAsBoolean()) {
                    node.send(message());
                    long done = System.nanoTime();
                    latencies.add(done - now);
                    now = done;
                }
                return latencies;
            };
            crowd.run(options.span(), work);
            long cpu = Processor.nanos();
            long forces = log.statistics().forces();
            long start = System.nanoTime();
            Latencies latencies = crowd.run(options.span(), work);
            return Figures.of(
                    latencies, System.nanoTime() - start, log.statistics().forces() - forces, Processor.nanos() - cpu);
        } finally {
            Provider.delete(directory);
        }
    }

    private static Envelope message() {
        return new Envelope(
                "ID:benchmark",
                Address.parse("queue://" + Senders.QUEUE),
                true,
                4,
                System.currentTimeMillis(),
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.BYTES,
                new byte[BODY],
                null);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
