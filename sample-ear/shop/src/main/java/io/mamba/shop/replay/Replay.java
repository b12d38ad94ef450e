package io.mamba.shop.replay;

import io.mamba.shop.Problem;
import io.mamba.shop.orders.OrderDesk;
import io.mamba.shop.orders.OrderRequest;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Submits the orders of a replay, each when it is due. {@link ReplayCashier} pays them. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Replay {

    private static final System.Logger LOG = System.getLogger(Replay.class.getName());
    private static final int SUBMITTERS = 4;

    private final Clock clock = Clock.systemUTC();

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private OrderDesk desk;

    @Inject
    private LatestReplay latest;

    private @Nullable List<FoodMartOrders.PastOrder> orders;

    public synchronized void start(int count, int rate) {
        ReplayRun current = latest.get();
        if (current != null && current.here() && current.running(clock.instant())) {
            throw Problem.conflict("A replay is running: " + current.submittedCount() + " of " + current.requested()
                    + " orders are submitted");
        }
        List<FoodMartOrders.PastOrder> known = orders();
        if (count > known.size()) {
            throw Problem.badRequest("The data set has " + known.size() + " orders, not " + count);
        }
        Instant now = clock.instant();
        ReplayRun started = ReplayRun.begun(count, now);
        latest.set(started);
        long first = System.nanoTime();
        for (int i = 0; i < SUBMITTERS; i++) {
            executor.execute(() -> submit(started, known, first, rate));
        }
    }

    @PreDestroy
    void stop() {
        ReplayRun current = latest.get();
        if (current != null) {
            current.stop();
        }
    }

    private List<FoodMartOrders.PastOrder> orders() {
        if (orders == null) {
            orders = FoodMartOrders.read();
        }
        return orders;
    }

    private void submit(ReplayRun current, List<FoodMartOrders.PastOrder> known, long first, int rate) {
        for (int n = current.take(); n < current.requested(); n = current.take()) {
            await(first + n * 1_000_000_000L / rate);
            FoodMartOrders.PastOrder order = known.get(n);
            OrderRequest request = new OrderRequest(order.id(current.name()), order.customer(), order.lines());
            try {
                desk.submit(request, current.name());
                current.submitted(clock.instant());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "The replay ends: order " + request.orderId() + " was refused", e);
                current.stop();
            }
        }
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
