package io.mamba.log.kafka;

import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Application servers interrupt threads at any time, and Kafka's clients give up what they wait for then. What the log
 * promises does not depend on that: an interrupt stays pending until the call is over.
 */
final class Interrupts {
    private Interrupts() {}

    /** @param call may be begun again after an interrupt */
    static <T> T deferred(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return call.get();
                } catch (InterruptException meanwhile) {
                    interrupted = true;
                    Thread.interrupted(); // Kafka has set it again
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void join(Thread thread) {
        deferred(() -> {
            try {
                thread.join();
                return true;
            } catch (InterruptedException meanwhile) {
                throw new InterruptException(meanwhile);
            }
        });
    }
}
