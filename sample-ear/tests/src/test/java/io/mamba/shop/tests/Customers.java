package io.mamba.shop.tests;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Customers who order and pay until the shop is gone, on a thread of their own. An order that was answered with 202 is accepted:
 * it must end in a final state whatever happens to the shop.
 */
final class Customers implements Runnable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ShopClient shop;
    private final String prefix;
    private final List<String> skus;
    private final Random random;
    private final long pause;
    private final List<String> accepted = new ArrayList<>();
    private final List<String> unanswered = new ArrayList<>();
    private volatile boolean enough;

    Customers(ShopClient shop, String prefix, List<String> skus, Random random) {
        this(shop, prefix, skus, random, PAUSE);
    }

    /** @param pause after each order */
    Customers(ShopClient shop, String prefix, List<String> skus, Random random, Duration pause) {
        this.shop = shop;
        this.prefix = prefix;
        this.skus = skus;
        this.random = random;
        this.pause = pause.toNanos();
    }

    @Override
    public void run() {
        for (int n = 0; !enough; n++) {
            String id = prefix + n;
            try {
                String sku = skus.get(random.nextInt(skus.size()));
                if (shop.order(id, sku, 1 + random.nextInt(3)).status() == 202) {
                    note(accepted, id);
                    shop.pay(id);
                }
            } catch (UncheckedIOException e) {
                note(unanswered, id);
                System.out.println("The shop is gone for its customers: " + e.getMessage());
                return;
            }
            LockSupport.parkNanos(pause);
        }
    }

    private synchronized void note(List<String> list, String id) {
        if (!accepted.contains(id)) {
            list.add(id);
        }
    }

    void stop() {
        enough = true;
    }

    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    /** Orders whose customer never heard of them: they may be stored or not. */
    synchronized List<String> unanswered() {
        return List.copyOf(unanswered);
    }
}
