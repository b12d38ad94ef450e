package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import java.util.ArrayList;
import java.util.List;

/** Persistent sends of 1 KiB that return when they are durable, by 1, 8 and 64 threads, each case between two probes of the bare disk. */
final class SendSeries implements Series {
    private static final int[] THREADS = {1, 8, 64};

    @Override
    public Table run(Options options) throws Exception {
        List<Figures> floors = new ArrayList<>();
        List<List<Figures>> cases = new ArrayList<>();
        List<List<Double>> ratios = new ArrayList<>();
        for (int ignored : THREADS) {
            cases.add(new ArrayList<>());
            ratios.add(new ArrayList<>());
        }
        // The first round warms up.
        for (int round = -1; round < options.repetitions(); round++) {
            Figures before = floor(options);
            for (int i = 0; i < THREADS.length; i++) {
                Figures figures = measure(options, THREADS[i]);
                Figures after = floor(options);
                if (round >= 0) {
                    cases.get(i).add(figures);
                    ratios.get(i).add(figures.p50() / ((before.p50() + after.p50()) / 2));
                    floors.add(after);
                }
                before = after;
            }
        }
        return table(options, floors, cases, ratios);
    }

    private static Figures floor(Options options) throws Exception {
        return Disk.probe(options.directory(), options.span().dividedBy(4));
    }

    private static Figures measure(Options options, int threads) throws Exception {
        try (Provider provider = new Provider(options.directory())) {
            return new Senders(threads).measure(provider, options.span());
        }
    }

    private static Table table(
            Options options, List<Figures> floors, List<List<Figures>> cases, List<List<Double>> ratios) {
        Table table = new Table(
                "Persistent send of 1 KiB, durable on return; " + options.directory() + ", medians of "
                        + options.repetitions() + " x " + options.span().toMillis() + " ms",
                "case",
                "msg/s",
                "p50 us",
                "p99 us",
                "forces per message",
                "CPU us per message",
                "p50 / floor's",
                "rate / one thread's");
        double one = Figures.median(cases.get(0), Figures::perSecond);
        row(table, "bare append + fdatasync", floors, 1, Double.NaN);
        for (int i = 0; i < THREADS.length; i++) {
            double ratio = Table.median(
                    ratios.get(i).stream().mapToDouble(Double::doubleValue).toArray());
            double rate = Figures.median(cases.get(i), Figures::perSecond);
            row(table, THREADS[i] + (THREADS[i] == 1 ? " thread" : " threads"), cases.get(i), ratio, rate / one);
        }
        return table;
    }

    private static void row(Table table, String name, List<Figures> all, double ratio, double rate) {
        table.row(
                name,
                number(Figures.median(all, Figures::perSecond)),
                number(Figures.median(all, Figures::p50)),
                number(Figures.median(all, Figures::p99)),
                number(Figures.median(all, Figures::forces)),
                number(Figures.median(all, Figures::cpu)),
                number(ratio),
                number(rate));
    }
}
