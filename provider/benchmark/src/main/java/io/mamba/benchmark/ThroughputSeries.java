package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cases one after the other, each between two probes of the bare disk, all of it several times. */
final class ThroughputSeries implements Series {
    private final String title;
    private final List<Case> cases;

    ThroughputSeries(String title, Case... cases) {
        this.title = title;
        this.cases = List.of(cases);
    }

    static ThroughputSeries sends() {
        return new ThroughputSeries(
                "Persistent send of 1 KiB, durable on return",
                new Case("1 thread", 1, 0, new Senders()),
                new Case("8 threads", 8, 0, new Senders()),
                new Case("64 threads", 64, 0, new Senders()),
                new Case("1 thread, completion listener", 1, 0, new AsyncSenders()));
    }

    static ThroughputSeries receives() {
        return new ThroughputSeries(
                "Receive of 1 KiB",
                new Case("1 thread, AUTO", 1, 300_000, new Consumers(0)),
                new Case("8 threads, AUTO", 8, 300_000, new Consumers(0)),
                new Case("1 thread, transactions of 1", 1, 300_000, new Consumers(1)),
                new Case("8 threads, transactions of 1", 8, 300_000, new Consumers(1)),
                new Case("1 thread, transactions of 100", 1, 300_000, new Consumers(100)));
    }

    @Override
    public Table run(Options options) throws Exception {
        List<Case> cases = this.cases.stream()
                .filter(one -> one.name().contains(options.only()))
                .toList();
        List<Figures> floors = new ArrayList<>();
        Map<Case, List<Figures>> measured = new LinkedHashMap<>();
        Map<Case, List<Double>> ratios = new LinkedHashMap<>();
        // The first round warms up.
        for (int round = -1; round < options.repetitions(); round++) {
            Figures before = floor(options);
            for (Case one : cases) {
                Figures figures = one.measure(options);
                Figures after = floor(options);
                if (round >= 0) {
                    measured.computeIfAbsent(one, c -> new ArrayList<>()).add(figures);
                    ratios.computeIfAbsent(one, c -> new ArrayList<>())
                            .add(figures.p50() / ((before.p50() + after.p50()) / 2));
                    floors.add(after);
                }
                before = after;
            }
        }
        return table(options, floors, measured, ratios);
    }

    private static Figures floor(Options options) throws Exception {
        return Disk.probe(options.directory(), options.span().dividedBy(4));
    }

    private Table table(
            Options options, List<Figures> floors, Map<Case, List<Figures>> measured, Map<Case, List<Double>> ratios) {
        Table table = new Table(
                title + "; " + options.directory() + ", medians of " + options.repetitions() + " x "
                        + options.span().toMillis() + " ms",
                "case",
                "per second",
                "p50 us",
                "p99 us",
                "forces each",
                "CPU us each",
                "p50 / floor's",
                "rate / first's");
        row(table, "bare append + fdatasync", floors, 1, Double.NaN);
        double first = Double.NaN;
        for (Case one : measured.keySet()) {
            List<Figures> all = measured.getOrDefault(one, List.of());
            double ratio = Table.median(ratios.getOrDefault(one, List.of()).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray());
            double rate = Figures.median(all, Figures::perSecond);
            first = Double.isNaN(first) ? rate : first;
            row(table, one.name(), all, ratio, rate / first);
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
