package io.mamba.jms.message;

import io.mamba.ErrorCode;
import io.mamba.message.BodyCodec;
import io.mamba.message.BodyType;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.StreamMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A StreamMessage: fields in order, written first, then read. A read that fails leaves the position where it was; a byte[]
 * field read in pieces must be read to its end before the next field.
 */
public final class MambaStreamMessage extends MambaMessage implements StreamMessage {
    private static final int NO_PIECES = -1;

    private final List<@Nullable Object> fields = new ArrayList<>();

    private int next;
    /** How much of the byte[] field at next has been read in pieces. */
    private int taken = NO_PIECES;

    MambaStreamMessage() {}

    /** A reader of one field by one conversion. */
    private interface Conversion<T> {
        @Nullable
        T of(@Nullable Object value) throws JMSException;
    }

    @SuppressWarnings("NullAway") // null goes through only where the conversion gave it
    private <T> T read(Conversion<T> conversion) throws JMSException {
        Object field = field();
        if (taken != NO_PIECES) {
            throw format("A byte[] field has been read in part; readBytes must reach its end first.");
        }
        T value = conversion.of(field);
        next++;
        return value;
    }

    private @Nullable Object field() throws JMSException {
        checkBodyReadable();
        if (next >= fields.size()) {
            throw new MessageEOFException("The stream has no further field.", ErrorCode.MESSAGE_FORMAT.name());
        }
        return fields.get(next);
    }

    @Override
    public boolean readBoolean() throws JMSException {
        return read(Conversions::toBoolean);
    }

    @Override
    public byte readByte() throws JMSException {
        return read(Conversions::toByte);
    }

    @Override
    public short readShort() throws JMSException {
        return read(Conversions::toShort);
    }

    @Override
    public char readChar() throws JMSException {
        return read(Conversions::toChar);
    }

    @Override
    public int readInt() throws JMSException {
        return read(Conversions::toInt);
    }

    @Override
    public long readLong() throws JMSException {
        return read(Conversions::toLong);
    }

    @Override
    public float readFloat() throws JMSException {
        return read(Conversions::toFloat);
    }

    @Override
    public double readDouble() throws JMSException {
        return read(Conversions::toDouble);
    }

    @Override
    public @Nullable String readString() throws JMSException {
        return read(Conversions::toText);
    }

    @Override
    public @Nullable Object readObject() throws JMSException {
        return read(Conversions::bodyValue);
    }

    @Override
    public int readBytes(byte[] target) throws JMSException {
        byte[] field = Conversions.toBytes(field());
        if (field == null) {
            next++;
            return -1;
        }
        int from = Math.max(taken, 0);
        if (taken != NO_PIECES && from == field.length) {
            next++;
            taken = NO_PIECES;
            return -1;
        }
        int count = Math.min(target.length, field.length - from);
        System.arraycopy(field, from, target, 0, count);
        if (count < target.length) {
            next++;
            taken = NO_PIECES;
        } else {
            taken = from + count;
        }
        return count;
    }

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeShort(short value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeChar(char value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeInt(int value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeLong(long value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeString(@Nullable String value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeBytes(byte @Nullable [] value) throws JMSException {
        writeObject(value);
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        writeObject(Conversions.part(value, offset, length));
    }

    @Override
    public void writeObject(@Nullable Object value) throws JMSException {
        checkBodyWriteable();
        fields.add(Conversions.bodyValue(value));
    }

    @Override
    public void reset() {
        bodyReadOnly(true);
        next = 0;
        taken = NO_PIECES;
    }

    @Override
    protected BodyType bodyType() {
        return BodyType.STREAM;
    }

    @Override
    protected byte @Nullable [] body() {
        return fields.isEmpty() ? null : BodyCodec.encodeStream(fields);
    }

    @Override
    protected void receiveBody(byte @Nullable [] body) {
        if (body != null) {
            fields.addAll(BodyCodec.decodeStream(body));
        }
    }

    @Override
    protected void emptyBody() {
        fields.clear();
        next = 0;
        taken = NO_PIECES;
    }

    @Override
    protected @Nullable Object wholeBody() throws JMSException {
        throw format("The body of a StreamMessage cannot be had as one object.");
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean isBodyAssignableTo(Class wanted) {
        return false;
    }

    @Override
    public boolean hasBody(Class<?> wanted) {
        return false;
    }
}
