package io.mamba.selector;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parsed selector: immutable, may be used by any thread. Equal by its text. */
public final class Selector {
    private final String text;

    Selector(String text) {
        this.text = text;
    }

    /** Null for no selector (null or blank-free empty text); throws INVALID_SELECTOR that names what is wrong and where. */
    public static @Nullable Selector parse(@Nullable String text) {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * @param values gives the value of an identifier (a property or an allowed JMS header): Boolean, Byte, Short, Integer,
     *     Long, Float, Double, String, or null for unknown
     */
    public boolean matches(Function<String, @Nullable Object> values) {
        throw new UnsupportedOperationException("under construction");
    }

    public String text() {
        return text;
    }
}
