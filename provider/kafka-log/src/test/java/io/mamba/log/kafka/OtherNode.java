package io.mamba.log.kafka;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.mamba.MambaException;
import io.mamba.cluster.Leash;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** A node in a process of its own: joins, waits until it is lost, tries to write, joins again. Says what it does. */
final class OtherNode {
    private OtherNode() {}

    /** @param arguments servers and prefix */
    public static void main(String[] arguments) throws Exception {
        Leash.hold();
        try (KafkaLog log = KafkaLog.open(MembershipIT.options(arguments[0], "other", arguments[1]), Set.of())) {
            MembershipIT.Told told = new MembershipIT.Told();
            System.out.println("joined " + log.join("other", told).member());
            MambaException lost =
                    requireNonNull(await().atMost(Duration.ofMinutes(2)).until(() -> told.lost, Objects::nonNull));
            System.out.println("lost " + lost.code());
            try {
                MembershipIT.append(log, 2);
                System.out.println("appended though lost");
            } catch (MambaException refused) {
                System.out.println("refused " + refused.code());
            }
            System.out.println(
                    "joined " + log.join("other", new MembershipIT.Told()).member());
            MembershipIT.append(log, 2);
            System.out.println("appended");
        }
    }
}
