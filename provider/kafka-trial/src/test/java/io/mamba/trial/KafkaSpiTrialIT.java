package io.mamba.trial;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** What one real broker does for each operation of {@code io.mamba.log.Log}: the trials, over one broker. */
final class KafkaSpiTrialIT {
    private static Cluster cluster;

    @BeforeAll
    static void startTheBroker() {
        cluster = new Cluster(Path.of("target").toAbsolutePath());
    }

    @AfterAll
    static void stopTheBroker() {
        cluster.close();
    }

    static Cluster cluster() {
        return cluster;
    }

    /** {@code append}, {@code appendAndWait}, {@code Durability}. */
    @Nested
    class Appending extends AppendTrial {}

    /** {@code LogRecord}, {@code Header}: what a record carries, and how large it may be. */
    @Nested
    class Records extends RecordTrial {}

    /** {@code read}, {@code end}, {@code get}, {@code tail}, {@code partitions}. */
    @Nested
    class Reading extends ReadTrial {}

    /** {@code latest}, {@code release}, {@code retain}, {@code checkpoint}. */
    @Nested
    class Keeping extends RetentionTrial {}

    /** {@code acquire}, {@code release(Ownership)}. */
    @Nested
    class Owning extends OwnershipTrial {}

    /** {@code Batch.relies}: refused once the ownership is lost. */
    @Nested
    class Fencing extends FenceTrial {}
}
