package io.mamba.shop.tests;

import io.mamba.shop.run.ShopOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Crashes of the shop on Payara Micro. */
class ShopCrashIT {

    private final int rounds = Integer.parseInt(Shops.property("shop.crash.rounds"));

    private @Nullable Micro running;

    @Test
    void losesAndDoublesNoAcceptedOrder() throws Exception {
        CrashResults results = CrashResults.of(Shops.property("shop.crash.results"));
        ShopOptions plain = Shops.fresh("crash");
        Path faults = Files.createDirectories(plain.data().resolve("faults"));
        ShopOptions options = plain.withJvmArguments(CrashRound.agent("faults.btm", faults));
        try {
            Micro micro = start(options);
            for (int number = results.done() + 1; number <= rounds; number++) {
                CrashRound round = new CrashRound(number, CrashPoint.ofRound(number), faults);
                Customers customers = round.workUntilItDies(micro);

                long begun = System.nanoTime();
                micro = start(options);
                long started = System.nanoTime();
                Audit audit = round.drain(micro.shop(), customers, Duration.ofMinutes(4));
                long drained = System.nanoTime();

                results.add(round.line(
                        audit,
                        customers,
                        TimeUnit.NANOSECONDS.toMillis(started - begun),
                        TimeUnit.NANOSECONDS.toMillis(drained - started)));
                round.check(micro.shop(), audit, customers);
            }
        } finally {
            if (running != null) {
                running.stop();
            }
        }
    }

    private Micro start(ShopOptions options) {
        Micro micro = Micro.start(options);
        running = micro;
        return micro;
    }
}
