package io.mamba.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Rounds of failures under traffic, each judged by reading all topics. After a bad one everything is started anew for the
 * next; the logs of brokers and JVMs stay below {@code target/kafka-cluster}. The only test of its profile,
 * {@code kafka-failures}; goes on where the results file ends.
 */
final class KafkaFailuresIT {
    private final Results results = new Results(Path.of(System.getProperty("mamba.results")));
    private final List<String> bad = new ArrayList<>();
    private @Nullable Site site;

    /** The judge counts from the beginning of its site: what it had said before. */
    private Judge.@Nullable Verdict before;

    @Test
    void nothingIsLostNorDoubledNorThereInPart() throws Exception {
        @Nullable Namespace namespace = Namespace.make();
        try {
            for (int round = 1; round <= Integer.getInteger("mamba.failure.rounds"); round++) {
                for (Failure failure : kinds(namespace)) {
                    if (results.rounds(failure) < round) {
                        round(failure, round, namespace);
                    }
                }
            }
        } finally {
            end();
            if (namespace != null) {
                namespace.close();
            }
        }
        assertThat(bad).as("bad rounds").isEmpty();
    }

    private static List<Failure> kinds(@Nullable Namespace namespace) {
        String chosen = System.getProperty("mamba.failure.kinds", "");
        return Stream.of(Failure.values())
                .filter(failure ->
                        chosen.isEmpty() || List.of(chosen.split(",")).contains(failure.name()))
                .filter(failure -> failure != Failure.JVM_CUT_OFF || namespace != null)
                .toList();
    }

    private void round(Failure failure, int round, @Nullable Namespace namespace) throws IOException {
        Site used = site == null ? Site.start(namespace) : site;
        site = used;
        String where = used.cluster.directory().toString();
        try {
            Results.Times times = new Round(used, namespace, round).run(failure);
            Judge.Verdict verdict = used.judge.judge(used.observed.units());
            results.keep(failure, round, verdict.since(before), times);
            before = verdict;
            if (!verdict.isGood()) {
                note(failure, round, where, verdict.why());
            }
        } catch (Exception | AssertionError failed) {
            failed.printStackTrace();
            note(failure, round, where, failed + "; " + found(used));
        }
    }

    /** For whoever looks for the cause. */
    private static String found(Site site) {
        try {
            return site.judge.judge(site.observed.units()).why();
        } catch (RuntimeException notEvenThat) {
            return "and the topics could not be read: " + notEvenThat;
        }
    }

    private void note(Failure failure, int round, String where, String what) {
        String line = failure + " round " + round + " in " + where + ": " + what;
        System.err.println(line);
        bad.add(line);
        end();
    }

    private void end() {
        if (site != null) {
            site.close();
        }
        site = null;
        before = null;
    }
}
