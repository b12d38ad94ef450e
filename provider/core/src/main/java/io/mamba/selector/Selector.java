package io.mamba.selector;

import io.mamba.selector.Expression.Condition;
import io.mamba.selector.Expression.Truth;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parsed selector: immutable, may be used by any thread. Equal by its text. */
public final class Selector {
    private final String text;
    private final Condition condition;
    private final @Nullable String exactCorrelationId;
    private final @Nullable String exactMessageId;

    private Selector(String text, Condition condition) {
        this.text = text;
        this.condition = condition;
        this.exactCorrelationId = Expression.requiredText(condition, "JMSCorrelationID");
        this.exactMessageId = Expression.requiredText(condition, "JMSMessageID");
    }

    /**
     * Null for no selector: null, or nothing but white space.
     *
     * @throws io.mamba.MambaException INVALID_SELECTOR that names what is wrong and where
     */
    public static @Nullable Selector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return new Selector(text, new Parser(text).parse());
    }

    /**
     * @param values gives the value of an identifier (a property or an allowed JMS header): Boolean, Byte, Short, Integer,
     *     Long, Float, Double, String, or null for unknown
     */
    public boolean matches(Function<String, @Nullable Object> values) {
        return condition.test(values) == Truth.TRUE;
    }

    /** The JMSCorrelationID that a message must have to match, where the selector says so: a key for an index. */
    public Optional<String> exactCorrelationId() {
        return Optional.ofNullable(exactCorrelationId);
    }

    /** As {@link #exactCorrelationId}, for the JMSMessageID. */
    public Optional<String> exactMessageId() {
        return Optional.ofNullable(exactMessageId);
    }

    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selector selector && text.equals(selector.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
