package io.mamba.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program with Narayana, Mamba and PostgreSQL dies at chosen and at random moments, several transactions under way; a
 * fresh one recovers. Each order then is paid, taken from the payments and sent to be shipped, or nothing of these, and
 * no branch is in doubt. More rounds: {@code -Dmamba.xa.crash.rounds=50}.
 */
@ExtendWith(RunningPostgres.class)
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("mamba.xa.crash.rounds", 1);
    private static int databases;

    @TempDir
    private Path directory;

    private OrderTable orders;
    private Payments mamba;
    private final Set<String> all = new HashSet<>();

    @BeforeEach
    void openShop(Postgres postgres) throws SQLException {
        orders = postgres.database("crash_" + ++databases);
        mamba = new Payments("mamba:file:" + directory.resolve("mamba") + "?maxDeliveries=1000");
    }

    static Stream<Arguments> pointsAndOrders() {
        CrashPoint[] points = CrashPoint.values();
        return IntStream.range(0, points.length * ROUNDS)
                .mapToObj(run -> Arguments.of(
                        points[run % points.length], (run + run / points.length) % 2 == 0 ? "mamba" : "postgres"));
    }

    @ParameterizedTest
    @MethodSource("pointsAndOrders")
    void transactionsCutOffAtAChosenPointHappenWhollyOrNotAtAll(CrashPoint point, String first) throws Exception {
        receivePayments(40);

        JavaProgram victim = start(first, point.name());
        assertThat(victim.exitCode()).as("%s", victim.lines()).isEqualTo(99);

        List<String> cutOff = victim.linesAfter("stopped");
        assertThat(cutOff).as("%s", victim.lines()).hasSize(ServingProgram.THREADS);
        boolean mambaFirst = first.equals("mamba");
        assertThat(mamba.inDoubt())
                .hasSize(ServingProgram.THREADS * (mambaFirst ? point.inDoubtInFirst() : point.inDoubtInSecond()));
        assertThat(orders.inDoubt())
                .hasSize(ServingProgram.THREADS * (mambaFirst ? point.inDoubtInSecond() : point.inDoubtInFirst()));

        recover(first);
        assertEachOrderIsServedWhollyOrNotAtAll();
        Set<String> served = Set.copyOf(mamba.shipments());
        assertThat(served).containsAll(victim.linesAfter("committed"));
        if (point.isDecided()) {
            assertThat(served).as("decided: committed by recovery").containsAll(cutOff);
        } else {
            assertThat(served).as("undecided: rolled back by recovery").doesNotContainAnyElementsOf(cutOff);
        }
    }

    @Test
    void aProgramKilledAtRandomMomentsLosesAndDoublesNothing() throws Exception {
        Random random = new Random();
        Set<String> committed = new HashSet<>();
        for (int round = 0; round < 3 * ROUNDS; round++) {
            receivePayments(150);
            String first = round % 2 == 0 ? "mamba" : "postgres";

            JavaProgram victim = start(first, "serve");
            assertThat(victim.says("committed", 5 + random.nextInt(30)))
                    .as("%s", victim.lines())
                    .isTrue();
            LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
            victim.kill();
            victim.exitCode();
            committed.addAll(victim.linesAfter("committed"));

            if (round % 2 == 1) {
                // In the other rounds the next program recovers before it serves.
                recover(first);
                assertEachOrderIsServedWhollyOrNotAtAll();
            }
        }
        recover("mamba");
        assertEachOrderIsServedWhollyOrNotAtAll();
        assertThat(mamba.shipments()).containsAll(committed);
    }

    private void receivePayments(int count) throws SQLException {
        List<String> more = IntStream.range(all.size(), all.size() + count)
                .mapToObj(number -> "o" + number)
                .toList();
        orders.add(more);
        mamba.send(more);
        all.addAll(more);
    }

    private JavaProgram start(String first, String what) throws IOException {
        return JavaProgram.start(ServingProgram.class, directory.toString(), orders.url(), first, what);
    }

    private void recover(String first) throws IOException, InterruptedException {
        JavaProgram next = start(first, "recover");
        assertThat(next.exitCode()).as("%s", next.lines()).isZero();
        assertThat(next.lines()).containsExactly("recovered");
    }

    private void assertEachOrderIsServedWhollyOrNotAtAll() throws Exception {
        assertThat(mamba.inDoubt()).isEmpty();
        assertThat(orders.inDoubt()).isEmpty();
        assertThat(mamba.inFlight()).isZero();
        List<String> shipments = mamba.shipments();
        assertThat(shipments).as("sent once").doesNotHaveDuplicates();
        assertThat(orders.paid()).as("paid").containsExactlyInAnyOrderElementsOf(shipments);
        List<String> waitingOrShipped = new ArrayList<>(mamba.waiting());
        waitingOrShipped.addAll(shipments);
        assertThat(waitingOrShipped).as("neither lost nor doubled").containsExactlyInAnyOrderElementsOf(all);
    }
}
