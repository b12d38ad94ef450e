package io.mamba.benchmark;

import static io.mamba.benchmark.Table.number;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Jakarta Messaging on a Kafka cluster beside plain clients of the same cluster, which do the same in turn. */
final class KafkaSeries implements Series {
    private static final List<KafkaCase> CASES = List.of(
            new KafkaCase("send, 1 thread", 1, 0, Contender::sending),
            new KafkaCase("receive, 1 thread, acknowledged by and by", 1, 300_000, Contender::receiving),
            new KafkaCase("receive, 1 thread, acknowledged one by one", 1, 15_000, Contender::receivingOneByOne),
            new KafkaCase("receive and send in a transaction, 1 thread", 1, 5_000, Contender::passingOn),
            new KafkaCase("receive and send in a transaction, 16 threads", 16, 20_000, Contender::passingOn));

    /** Kafka has none of its own: beside plain transactions, whose rate says little then. */
    private static final KafkaCase BRANCHES = new KafkaCase(
            "receive and send in an XA branch, prepared and committed, 1 thread",
            1,
            5_000,
            (contender, place, thread) -> contender instanceof JmsOnKafka jms
                    ? jms.passingOnInBranches(place)
                    : contender.passingOn(place, thread));

    private final int brokers;

    KafkaSeries(int brokers) {
        this.brokers = brokers;
    }

    /** What both did, round by round. */
    private record Both(List<KafkaFigures> plain, List<KafkaFigures> mamba) {
        Both() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double ratio(ToDoubleFunction<KafkaFigures> figure) {
            double[] ratios = new double[plain.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = figure.applyAsDouble(mamba.get(i)) / figure.applyAsDouble(plain.get(i));
            }
            return Table.median(ratios);
        }
    }

    @Override
    public Table run(Options options) throws Exception {
        List<KafkaCase> cases = new ArrayList<>(CASES);
        cases.add(BRANCHES);
        cases.removeIf(one -> !one.name().contains(options.only()));
        Map<KafkaCase, Both> measured = new LinkedHashMap<>();
        Path directory = Files.createTempDirectory(options.directory(), "mamba-benchmark");
        try (KafkaCluster cluster = ClusterPlan.of(brokers).in(directory).start();
                PlainKafka plain = new PlainKafka(cluster);
                JmsOnKafka mamba = new JmsOnKafka(cluster.bootstrap())) {
            // The first round warms up.
            for (int round = -1; round < options.repetitions(); round++) {
                for (KafkaCase one : cases) {
                    KafkaFigures plains = one.measure(plain, options.span());
                    KafkaFigures mambas = one.measure(mamba, options.span());
                    if (round >= 0) {
                        Both both = measured.computeIfAbsent(one, any -> new Both());
                        both.plain.add(plains);
                        both.mamba.add(mambas);
                    }
                }
            }
        } finally {
            Provider.delete(directory);
        }
        return table(options, measured);
    }

    private Table table(Options options, Map<KafkaCase, Both> measured) {
        Table table = new Table(
                "Messages of 1 KiB on " + (brokers == 1 ? "one broker" : brokers + " brokers") + ", medians of "
                        + options.repetitions() + " x " + options.span().toMillis() + " ms",
                "case",
                "by",
                "per second",
                "p50 us",
                "p99 us",
                "Kafka transactions each",
                "CPU us each",
                "p50 / plain",
                "rate / plain");
        measured.forEach((one, both) -> {
            row(table, one.name(), "plain clients", both.plain, 1, 1);
            row(table, "", "Mamba", both.mamba, both.ratio(KafkaFigures::p50), both.ratio(KafkaFigures::perSecond));
        });
        return table;
    }

    private static void row(Table table, String name, String by, List<KafkaFigures> all, double p50, double rate) {
        table.row(
                name,
                by,
                number(median(all, KafkaFigures::perSecond)),
                number(median(all, KafkaFigures::p50)),
                number(median(all, KafkaFigures::p99)),
                number(median(all, KafkaFigures::transactions)),
                number(median(all, KafkaFigures::cpu)),
                number(p50),
                number(rate));
    }

    private static double median(List<KafkaFigures> all, ToDoubleFunction<KafkaFigures> figure) {
        return Table.median(all.stream().mapToDouble(figure).toArray());
    }
}
