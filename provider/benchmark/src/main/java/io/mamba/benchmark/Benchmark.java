package io.mamba.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs what the arguments name, or {@code all}, and prints a table of each. */
public final class Benchmark {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Benchmark() {}

    private static Map<String, Series> all() {
        Map<String, Series> all = new LinkedHashMap<>();
        all.put("send", ThroughputSeries.sends());
        all.put("send-tmpfs", options -> ThroughputSeries.sends().run(options.in(MEMORY)));
        all.put("send-slow", new SlowDiskSeries());
        all.put("receive", ThroughputSeries.receives());
        all.put("receive-tmpfs", options -> ThroughputSeries.receives().run(options.in(MEMORY)));
        all.put("neighbours", new NeighbourSeries());
        all.put("scan", new ScanSeries());
        all.put("idle", new IdleSeries());
        all.put("restart", new RestartSeries());
        all.put("forces", new ForcesSeries());
        all.put("kafka", new KafkaSeries(1));
        all.put("kafka-three", new KafkaSeries(3));
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments);
        Map<String, Series> all = all();
        List<String> wanted = options.series().equals(List.of("all")) ? List.copyOf(all.keySet()) : options.series();
        for (String name : wanted) {
            Series series = all.get(name);
            if (series == null) {
                throw new IllegalArgumentException("There is no " + name + "; there are all, " + all.keySet());
            }
            if (name.endsWith("-tmpfs") && !Files.isDirectory(MEMORY)) {
                System.out.println("(" + name + ": left out, there is no " + MEMORY + ")\n");
                continue;
            }
            System.out.println(series.run(options).text());
        }
    }
}
