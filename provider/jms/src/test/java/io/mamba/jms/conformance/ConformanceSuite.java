package io.mamba.jms.conformance;

import org.junit.jupiter.api.Nested;

/** The whole suite; an engine's test extends it and says where each test finds an empty log. */
abstract class ConformanceSuite {
    /** The same during a test. */
    abstract String log();

    @Nested
    class Sending extends SendingConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Acknowledgement extends AcknowledgementConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Transaction extends TransactionConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Destination extends DestinationConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Limits extends LimitsConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Subscription extends SubscriptionConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Connection extends ConnectionConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Listener extends ListenerConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class ServerSession extends ServerSessionConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Restart extends RestartConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Replay extends ReplayConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Partitions extends PartitionsConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Security extends SecurityConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Administration extends AdministrationConformance {
        @Override
        String url() {
            return log();
        }
    }

    @Nested
    class Foreign extends ForeignConformance {
        @Override
        String url() {
            return log();
        }
    }
}
