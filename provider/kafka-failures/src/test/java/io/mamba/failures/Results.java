package io.mamba.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.stream.Stream;

/** The results file: a line for each round. */
record Results(Path file) {
    private static final String HEADER =
            "failure,round,units_acknowledged,outcome_unknown,units_found,lost,doubled,partial,found_though_refused,left_behind,"
                    + "longest_pause_of_sending_ms,longest_pause_of_output_ms,held_messages_again_ms,round_s\n";

    int rounds(Failure failure) throws IOException {
        if (Files.notExists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return (int) lines.filter(line -> line.startsWith(failure + ",")).count();
        }
    }

    /** @param verdict of this round alone */
    void keep(Failure failure, int round, Judge.Verdict verdict, Times times) throws IOException {
        if (Files.notExists(file)) {
            Files.writeString(file, HEADER);
        }
        Files.writeString(
                file,
                String.format(
                        Locale.ROOT,
                        "%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%s,%d%n",
                        failure,
                        round,
                        verdict.acknowledged(),
                        verdict.unknown(),
                        verdict.found(),
                        verdict.lost(),
                        verdict.doubled(),
                        verdict.partial(),
                        verdict.refused(),
                        verdict.leftBehind(),
                        times.sendingMillis(),
                        times.outputMillis(),
                        times.againMillis() < 0 ? "" : Long.toString(times.againMillis()),
                        times.roundSeconds()),
                StandardOpenOption.APPEND);
    }

    /**
     * @param sendingMillis the longest that one of the JVMs that lived got nothing acknowledged
     * @param outputMillis the longest that no message came out at the end, by any
     * @param againMillis until all that the dead, stopped or cut off JVM held was passed on by others; negative: none did
     */
    record Times(long sendingMillis, long outputMillis, long againMillis, long roundSeconds) {}
}
