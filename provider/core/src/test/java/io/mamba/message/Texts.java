package io.mamba.message;

import java.util.Random;

/** Random texts and bytes, mostly ordinary, sometimes not. */
final class Texts {
    private static final int[] ODD = {0, ':', '.', '-', '\'', '\n', 0xE4, 0x20AC, 0xFFFD, 0x1F40D};

    private Texts() {}

    static String random(Random random, int maximumLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maximumLength + 1); i > 0; i--) {
            text.appendCodePoint(random.nextInt(3) > 0 ? 'a' + random.nextInt(26) : ODD[random.nextInt(ODD.length)]);
        }
        return text.toString();
    }

    static byte[] bytes(Random random, int maximumLength) {
        byte[] bytes = new byte[random.nextInt(maximumLength + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
