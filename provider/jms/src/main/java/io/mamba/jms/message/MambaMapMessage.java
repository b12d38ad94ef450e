package io.mamba.jms.message;

import io.mamba.message.BodyCodec;
import io.mamba.message.BodyType;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A MapMessage; an entry may be null. */
public final class MambaMapMessage extends MambaMessage implements MapMessage {
    private final Map<String, @Nullable Object> entries = new LinkedHashMap<>();

    MambaMapMessage() {}

    @Override
    public boolean getBoolean(String name) throws JMSException {
        return Conversions.toBoolean(entries.get(name));
    }

    @Override
    public byte getByte(String name) throws JMSException {
        return Conversions.toByte(entries.get(name));
    }

    @Override
    public short getShort(String name) throws JMSException {
        return Conversions.toShort(entries.get(name));
    }

    @Override
    public char getChar(String name) throws JMSException {
        return Conversions.toChar(entries.get(name));
    }

    @Override
    public int getInt(String name) throws JMSException {
        return Conversions.toInt(entries.get(name));
    }

    @Override
    public long getLong(String name) throws JMSException {
        return Conversions.toLong(entries.get(name));
    }

    @Override
    public float getFloat(String name) throws JMSException {
        return Conversions.toFloat(entries.get(name));
    }

    @Override
    public double getDouble(String name) throws JMSException {
        return Conversions.toDouble(entries.get(name));
    }

    @Override
    public @Nullable String getString(String name) throws JMSException {
        return Conversions.toText(entries.get(name));
    }

    @Override
    public byte @Nullable [] getBytes(String name) throws JMSException {
        return Conversions.toBytes(entries.get(name));
    }

    @Override
    public @Nullable Object getObject(String name) throws JMSException {
        return Conversions.bodyValue(entries.get(name));
    }

    @Override
    public Enumeration<String> getMapNames() {
        return Collections.enumeration(List.copyOf(entries.keySet()));
    }

    @Override
    public boolean itemExists(String name) {
        return entries.containsKey(name);
    }

    @Override
    public void setBoolean(String name, boolean value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setByte(String name, byte value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setShort(String name, short value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setChar(String name, char value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setInt(String name, int value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setLong(String name, long value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setFloat(String name, float value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setDouble(String name, double value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setString(String name, @Nullable String value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setBytes(String name, byte @Nullable [] value) throws JMSException {
        setObject(name, value);
    }

    @Override
    public void setBytes(String name, byte[] value, int offset, int length) throws JMSException {
        setObject(name, Conversions.part(value, offset, length));
    }

    @Override
    public void setObject(String name, @Nullable Object value) throws JMSException {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("An entry needs a name that is not null or empty.");
        }
        checkBodyWriteable();
        entries.put(name, Conversions.bodyValue(value));
    }

    @Override
    protected BodyType bodyType() {
        return BodyType.MAP;
    }

    @Override
    protected byte @Nullable [] body() {
        return entries.isEmpty() ? null : BodyCodec.encodeMap(entries);
    }

    @Override
    protected void receiveBody(byte @Nullable [] body) {
        if (body != null) {
            entries.putAll(BodyCodec.decodeMap(body));
        }
    }

    @Override
    protected void emptyBody() {
        entries.clear();
    }

    @Override
    protected @Nullable Object wholeBody() throws JMSException {
        if (entries.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> entry : entries.entrySet()) {
            copy.put(entry.getKey(), Conversions.bodyValue(entry.getValue()));
        }
        return copy;
    }

    /** A Map and nothing more special: callers must not rely on the class of ours. */
    @Override
    protected boolean gives(Class<?> wanted, Object whole) {
        return wanted.isAssignableFrom(Map.class);
    }
}
