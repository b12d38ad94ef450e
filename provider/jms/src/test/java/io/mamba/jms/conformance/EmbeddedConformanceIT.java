package io.mamba.jms.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The suite on the embedded engine, each test in a directory of its own. */
class EmbeddedConformanceIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private String embedded() {
        return "mamba:file:" + directory.resolve("log");
    }

    @Nested
    class Sending extends SendingConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Acknowledgement extends AcknowledgementConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Transaction extends TransactionConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Destination extends DestinationConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Limits extends LimitsConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Subscription extends SubscriptionConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Connection extends ConnectionConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Listener extends ListenerConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class ServerSession extends ServerSessionConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Restart extends RestartConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Replay extends ReplayConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Security extends SecurityConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Administration extends AdministrationConformance {
        @Override
        String url() {
            return embedded();
        }
    }

    @Nested
    class Foreign extends ForeignConformance {
        @Override
        String url() {
            return embedded();
        }
    }
}
