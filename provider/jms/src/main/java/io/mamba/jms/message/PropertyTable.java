package io.mamba.jms.message;

import jakarta.jms.JMSException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Properties by name with the rules for names and values; of a message or of a JMSProducer. Not thread-safe.
 *
 * <p>Names look like Java identifiers and are no selector keywords; as names these are case-sensitive, so that {@code true}
 * can be set, though no selector can ask for it. What came off the log is taken as it is.
 */
public final class PropertyTable {
    private static final Set<String> RESERVED =
            Set.of("NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE");

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** MessageFormatException unless the value is null, a String or a boxed primitive (not Character). */
    public void set(@Nullable String name, @Nullable Object value) throws JMSException {
        values.put(checkName(name), Conversions.propertyValue(value));
    }

    /** Takes over what was received; no rule for names, since other programs write headers too. */
    void putReceived(String name, Object value) {
        values.put(name, value);
    }

    void remove(String name) {
        values.remove(name);
    }

    /** The value as it was set; null if there is none. */
    public @Nullable Object get(@Nullable String name) {
        return name == null ? null : values.get(name);
    }

    public boolean getBoolean(String name) throws JMSException {
        return Conversions.toBoolean(get(name));
    }

    public byte getByte(String name) throws JMSException {
        return Conversions.toByte(get(name));
    }

    public short getShort(String name) throws JMSException {
        return Conversions.toShort(get(name));
    }

    public int getInt(String name) throws JMSException {
        return Conversions.toInt(get(name));
    }

    public long getLong(String name) throws JMSException {
        return Conversions.toLong(get(name));
    }

    public float getFloat(String name) throws JMSException {
        return Conversions.toFloat(get(name));
    }

    public double getDouble(String name) throws JMSException {
        return Conversions.toDouble(get(name));
    }

    public @Nullable String getText(String name) throws JMSException {
        return Conversions.toText(get(name));
    }

    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /** Unmodifiable, and live: JMSProducer.getPropertyNames wants it so. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public void clear() {
        values.clear();
    }

    /** The values in the order they were set; live. */
    Map<String, @Nullable Object> view() {
        return values;
    }

    private static String checkName(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("A property needs a name that is not null or empty.");
        }
        boolean identifier = Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart)
                && !RESERVED.contains(name);
        if (!identifier) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a property: names look like Java identifiers and are no selector keywords.");
        }
        return name;
    }
}
