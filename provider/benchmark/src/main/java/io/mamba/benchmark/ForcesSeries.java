package io.mamba.benchmark;

import jakarta.jms.Connection;
import java.util.Locale;

/** How many forces the log counts, from its opening until just before it closes: to be held against what strace sees. */
final class ForcesSeries implements Series {
    private static final int THREADS = 8;

    @Override
    public Table run(Options options) throws Exception {
        Table table =
                new Table("Forces of one log; " + options.directory(), "messages", "forces as the log counts them");
        try (Provider provider = new Provider(options.directory());
                Crowd crowd = new Crowd(THREADS);
                Connection connection = provider.factory().createConnection()) {
            int sent = crowd.run(options.span(), more -> new Senders().work(connection, more))
                    .count();
            table.row(format(sent), format(provider.forces()));
        }
        return table;
    }

    private static String format(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
