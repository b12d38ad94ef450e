package io.mamba.transactions;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.narayana.jta.jms.JmsXAResourceRecoveryHelper;
import org.jspecify.annotations.Nullable;

/**
 * A program that dies: recovers what an earlier run left, then serves payments on several threads until it is killed or,
 * at a crash point, halts itself as soon as every thread is there. Says on its output what it has done, a line each.
 */
final class ServingProgram {
    static final int THREADS = 3;
    private static final int TRANSACTIONS_BEFORE_A_HALT = 4;

    private final TransactionManager transactions;
    private final Payments mamba;
    private final OrderTable orders;
    private final boolean mambaFirst;
    private final @Nullable CrashPoint point;
    private final CountDownLatch notYetThere = new CountDownLatch(THREADS);

    private ServingProgram(
            TransactionManager transactions,
            Payments mamba,
            OrderTable orders,
            boolean mambaFirst,
            @Nullable CrashPoint point) {
        this.transactions = transactions;
        this.mamba = mamba;
        this.orders = orders;
        this.mambaFirst = mambaFirst;
        this.point = point;
    }

    /**
     * Arguments: directory, URL of the database, which resource is enlisted first (mamba or postgres), and a crash point,
     * or {@code serve} to go on for ever, or {@code recover} to recover only.
     */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        TransactionManager transactions = Narayana.start(directory.resolve("narayana"), "serving");
        Payments mamba = new Payments("mamba:file:" + directory.resolve("mamba") + "?maxDeliveries=1000");
        OrderTable orders = new OrderTable(args[1]);
        JMSContext program = mamba.factory().createContext();
        try {
            recover(mamba.factory(), orders);
            say("recovered");
            if (!args[3].equals("recover")) {
                CrashPoint point = args[3].equals("serve") ? null : CrashPoint.valueOf(args[3]);
                new ServingProgram(transactions, mamba, orders, args[2].equals("mamba"), point).serve();
            }
        } finally {
            program.close();
        }
    }

    private static void recover(MambaConnectionFactory mamba, OrderTable orders) throws Exception {
        try (DatabaseRecovery inPostgres = new DatabaseRecovery(orders.dataSource())) {
            Narayana.recover(new JmsXAResourceRecoveryHelper(mamba), inPostgres);
        }
    }

    private void serve() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> results = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            results.add(threads.submit(() -> {
                serve(random);
                return null;
            }));
        }
        for (Future<?> result : results) {
            result.get();
        }
        threads.shutdown();
    }

    private void serve(Random random) throws Exception {
        Watch watch = new Watch();
        try (Cashier cashier = new Cashier(transactions, mamba, orders, mambaFirst, watch)) {
            for (int count = 0; ; count++) {
                boolean last = point != null && count == TRANSACTIONS_BEFORE_A_HALT;
                cashier.begin();
                String order = cashier.takePayment();
                if (order == null) {
                    transactions.rollback();
                    say("nothing left");
                    return;
                }
                if (!last && random.nextInt(4) == 0) {
                    transactions.rollback();
                    say("rolled back " + order);
                    continue;
                }
                watch.expect(last ? order : null);
                transactions.commit();
                say("committed " + order);
            }
        }
    }

    /** One thread's view of its transaction's course. */
    private final class Watch implements ObservedResource.Observer {
        private final Map<String, Integer> counts = new HashMap<>();
        private @Nullable String doomed;

        void expect(@Nullable String order) {
            doomed = order;
            counts.clear();
        }

        @Override
        public void before(String call) {
            die(call, true);
        }

        @Override
        public void after(String call) {
            die(call, false);
        }

        private void die(String call, boolean beforeIt) {
            int count =
                    counts.merge((beforeIt ? "before" : "after") + call.substring(call.indexOf(' ')), 1, Integer::sum);
            String order = doomed;
            if (order != null && point != null && point.isAt(call, count, beforeIt)) {
                say("stopped " + order);
                notYetThere.countDown();
                awaitTheOthers();
                Runtime.getRuntime().halt(99);
            }
        }

        private void awaitTheOthers() {
            try {
                notYetThere.await();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
