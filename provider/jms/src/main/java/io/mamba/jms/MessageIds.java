package io.mamba.jms;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Message ids: a prefix drawn once per JVM, and a counter. */
final class MessageIds {
    private static final String PREFIX = prefix();
    private static final AtomicLong NEXT = new AtomicLong(1);

    private MessageIds() {}

    static String next() {
        return PREFIX + Long.toString(NEXT.getAndIncrement(), Character.MAX_RADIX);
    }

    private static String prefix() {
        SecureRandom random = new SecureRandom();
        return "ID:"
                + Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX)
                + Integer.toUnsignedString(random.nextInt(), Character.MAX_RADIX)
                + "-";
    }
}
