package io.mamba.selector;

import java.util.Arrays;

/**
 * The pattern of LIKE: {@code %} is any text, {@code _} any one character (code point). Matching goes back to the last
 * {@code %} only, so that it takes at most pattern times text steps.
 */
final class LikePattern {
    private static final int ONE = -1;
    private static final int MANY = -2;
    private static final int NO_ESCAPE = -1;

    private final int[] symbols;

    private LikePattern(int[] symbols) {
        this.symbols = symbols;
    }

    static LikePattern compile(String pattern) {
        return compile(pattern, NO_ESCAPE);
    }

    /** @throws IllegalArgumentException if the escape character is the last one */
    static LikePattern compile(String pattern, int escape) {
        int[] symbols = new int[pattern.length()];
        int count = 0;
        boolean escaped = false;
        for (int i = 0; i < pattern.length(); ) {
            int c = pattern.codePointAt(i);
            i += Character.charCount(c);
            if (!escaped && c == escape) {
                escaped = true;
            } else {
                symbols[count++] = escaped || (c != '%' && c != '_') ? c : c == '%' ? MANY : ONE;
                escaped = false;
            }
        }
        if (escaped) {
            throw new IllegalArgumentException("the pattern ends with its escape character");
        }
        return new LikePattern(Arrays.copyOf(symbols, count));
    }

    boolean matches(String text) {
        int symbol = 0;
        int at = 0;
        int afterMany = -1; // where to go on in the pattern ..
        int retryAt = 0; // .. and in the text, with one more character given to the last %
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (symbol < symbols.length && symbols[symbol] == MANY) {
                afterMany = ++symbol;
                retryAt = at;
            } else if (symbol < symbols.length && (symbols[symbol] == ONE || symbols[symbol] == c)) {
                symbol++;
                at += Character.charCount(c);
            } else if (afterMany >= 0) {
                symbol = afterMany;
                retryAt += Character.charCount(text.codePointAt(retryAt));
                at = retryAt;
            } else {
                return false;
            }
        }
        while (symbol < symbols.length && symbols[symbol] == MANY) {
            symbol++;
        }
        return symbol == symbols.length;
    }
}
