package io.mamba.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSContext;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many transactions at once, many of them rolled back: rows, messages taken and messages sent agree. */
@ExtendWith(RunningPostgres.class)
class ConservationIT {
    private static final int THREADS = 4;
    private static final int TRANSACTIONS = 200;

    private static final ObservedResource.Observer NOBODY = new ObservedResource.Observer() {
        @Override
        public void before(String call) {}

        @Override
        public void after(String call) {}
    };

    @Test
    void rowsAndMessagesAgreeAfterConcurrentTransactionsWithRandomRollbacks(Postgres postgres, @TempDir Path directory)
            throws Exception {
        long seed = Long.getLong("mamba.seed", new Random().nextLong());
        TransactionManager transactions = Narayana.start(Path.of("target", "narayana"), "it");
        OrderTable orders = postgres.database("conservation");
        Payments mamba = new Payments("mamba:file:" + directory + "?maxDeliveries=1000");
        List<String> all = IntStream.range(0, TRANSACTIONS)
                .mapToObj(number -> "o" + number)
                .toList();

        List<String> committed = new ArrayList<>();
        JMSContext program = mamba.factory().createContext();
        try {
            orders.add(all);
            mamba.send(all);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<List<String>>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(seed + thread);
                boolean mambaFirst = thread % 2 == 0;
                results.add(threads.submit(() -> serve(transactions, mamba, orders, mambaFirst, random)));
            }
            threads.shutdown();
            for (Future<List<String>> result : results) {
                committed.addAll(result.get(2, TimeUnit.MINUTES));
            }

            assertThat(mamba.inDoubt()).isEmpty();
            assertThat(orders.inDoubt()).isEmpty();
            assertThat(mamba.inFlight()).isZero();
        } finally {
            program.close();
        }

        // Also after the log was closed and opened again.
        assertThat(committed)
                .as("committed, seed %s", seed)
                .doesNotHaveDuplicates()
                .hasSizeBetween(1, TRANSACTIONS - 1);
        assertThat(orders.paid()).as("rows, seed %s", seed).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(mamba.shipments()).as("sent, seed %s", seed).containsExactlyInAnyOrderElementsOf(committed);
        List<String> left = new ArrayList<>(all);
        left.removeAll(committed);
        assertThat(mamba.waiting()).as("not taken, seed %s", seed).containsExactlyInAnyOrderElementsOf(left);
    }

    private static List<String> serve(
            TransactionManager transactions, Payments mamba, OrderTable orders, boolean mambaFirst, Random random)
            throws Exception {
        List<String> committed = new ArrayList<>();
        try (Cashier cashier = new Cashier(transactions, mamba, orders, mambaFirst, NOBODY)) {
            for (int count = 0; count < TRANSACTIONS / THREADS; count++) {
                cashier.begin();
                String order = cashier.takePayment();
                if (order != null && end(transactions, cashier, random.nextInt(10))) {
                    committed.add(order);
                }
                if (order == null) {
                    transactions.rollback();
                }
            }
        }
        return committed;
    }

    private static boolean end(TransactionManager transactions, Cashier cashier, int dice) throws Exception {
        switch (dice) {
            case 0, 1 -> transactions.rollback();
            case 2 -> {
                transactions.setRollbackOnly();
                assertRefused(() -> commit(transactions));
            }
            case 3 -> {
                cashier.chargeNobody();
                assertRefused(() -> commit(transactions));
            }
            default -> {
                return commit(transactions);
            }
        }
        return false;
    }

    private static boolean commit(TransactionManager transactions) throws Exception {
        transactions.commit();
        return true;
    }

    private static void assertRefused(Callable<Boolean> commit) throws Exception {
        try {
            commit.call();
        } catch (RollbackException expected) {
            return;
        }
        throw new AssertionError("a transaction that cannot be committed was");
    }
}
