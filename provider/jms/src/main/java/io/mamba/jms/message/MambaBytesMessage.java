package io.mamba.jms.message;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.message.BodyType;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A BytesMessage: written first, then, after reset or when received, read. */
public final class MambaBytesMessage extends MambaMessage implements BytesMessage {
    private ByteArrayOutputStream written = new ByteArrayOutputStream();
    private DataOutputStream out = new DataOutputStream(written);
    /** The whole content while readable; null while being written. */
    private byte @Nullable [] content;

    private DataInputStream in = reader(new byte[0]);

    MambaBytesMessage() {}

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static DataInputStream reader(byte[] content) {
        return new DataInputStream(new ByteArrayInputStream(content));
    }

    private <T> T read(Reading<T> reading) throws JMSException {
        checkBodyReadable();
        in.mark(0);
        try {
            return reading.from(in);
        } catch (EOFException e) {
            rewind();
            throw Errors.because(e, new MessageEOFException("The message ends here.", ErrorCode.MESSAGE_FORMAT.name()));
        } catch (IOException e) {
            rewind();
            throw Errors.because(e, format("These bytes cannot be read as asked: " + e.getMessage()));
        }
    }

    private void rewind() throws JMSException {
        try {
            in.reset();
        } catch (IOException e) {
            throw Errors.because(e, Errors.of(ErrorCode.INTERNAL, "An array could not be read: " + e));
        }
    }

    private void write(Writing writing) throws JMSException {
        checkBodyWriteable();
        try {
            writing.to(out);
        } catch (IOException e) {
            throw Errors.because(e, format("This cannot be written: " + e.getMessage()));
        }
    }

    @Override
    public long getBodyLength() throws JMSException {
        checkBodyReadable();
        return bytes().length;
    }

    @Override
    public boolean readBoolean() throws JMSException {
        return read(DataInputStream::readBoolean);
    }

    @Override
    public byte readByte() throws JMSException {
        return read(DataInputStream::readByte);
    }

    @Override
    public int readUnsignedByte() throws JMSException {
        return read(DataInputStream::readUnsignedByte);
    }

    @Override
    public short readShort() throws JMSException {
        return read(DataInputStream::readShort);
    }

    @Override
    public int readUnsignedShort() throws JMSException {
        return read(DataInputStream::readUnsignedShort);
    }

    @Override
    public char readChar() throws JMSException {
        return read(DataInputStream::readChar);
    }

    @Override
    public int readInt() throws JMSException {
        return read(DataInputStream::readInt);
    }

    @Override
    public long readLong() throws JMSException {
        return read(DataInputStream::readLong);
    }

    @Override
    public float readFloat() throws JMSException {
        return read(DataInputStream::readFloat);
    }

    @Override
    public double readDouble() throws JMSException {
        return read(DataInputStream::readDouble);
    }

    @Override
    public String readUTF() throws JMSException {
        return read(source -> source.readUTF());
    }

    @Override
    public int readBytes(byte[] target) throws JMSException {
        return readBytes(target, target.length);
    }

    @Override
    public int readBytes(byte[] target, int length) throws JMSException {
        checkBodyReadable();
        if (length < 0 || length > target.length) {
            throw new IndexOutOfBoundsException(
                    "Expected a length of 0 to " + target.length + ", but got " + length + ".");
        }
        return read(source -> source.read(target, 0, length));
    }

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        write(target -> target.writeBoolean(value));
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        write(target -> target.writeByte(value));
    }

    @Override
    public void writeShort(short value) throws JMSException {
        write(target -> target.writeShort(value));
    }

    @Override
    public void writeChar(char value) throws JMSException {
        write(target -> target.writeChar(value));
    }

    @Override
    public void writeInt(int value) throws JMSException {
        write(target -> target.writeInt(value));
    }

    @Override
    public void writeLong(long value) throws JMSException {
        write(target -> target.writeLong(value));
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        write(target -> target.writeFloat(value));
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        write(target -> target.writeDouble(value));
    }

    @Override
    public void writeUTF(String value) throws JMSException {
        write(target -> target.writeUTF(value));
    }

    @Override
    public void writeBytes(byte[] value) throws JMSException {
        write(target -> target.write(value));
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        write(target -> target.write(value, offset, length));
    }

    /** Null is a NullPointerException here, unlike in the other types: there are no fields to be null. */
    @Override
    public void writeObject(Object value) throws JMSException {
        checkBodyWriteable();
        if (value == null) {
            throw new NullPointerException("A BytesMessage has no form for null.");
        } else if (value instanceof Boolean b) {
            writeBoolean(b);
        } else if (value instanceof Byte b) {
            writeByte(b);
        } else if (value instanceof Short s) {
            writeShort(s);
        } else if (value instanceof Character c) {
            writeChar(c);
        } else if (value instanceof Integer i) {
            writeInt(i);
        } else if (value instanceof Long l) {
            writeLong(l);
        } else if (value instanceof Float f) {
            writeFloat(f);
        } else if (value instanceof Double d) {
            writeDouble(d);
        } else if (value instanceof String s) {
            writeUTF(s);
        } else if (value instanceof byte[] bytes) {
            writeBytes(bytes);
        } else {
            throw format("A BytesMessage does not hold a " + value.getClass().getName()
                    + ": only boxed primitives, String and byte[].");
        }
    }

    @Override
    public void reset() {
        content = bytes();
        in = reader(content);
        bodyReadOnly(true);
    }

    @Override
    protected BodyType bodyType() {
        return BodyType.BYTES;
    }

    @Override
    protected byte @Nullable [] body() {
        byte[] bytes = bytes();
        return bytes.length == 0 ? null : bytes;
    }

    @Override
    protected void receiveBody(byte @Nullable [] body) {
        content = body == null ? new byte[0] : body;
        in = reader(content);
    }

    @Override
    protected void emptyBody() {
        content = null;
        written = new ByteArrayOutputStream();
        out = new DataOutputStream(written);
    }

    /** A copy; as the API demands, the message is reset before. */
    @Override
    protected @Nullable Object wholeBody() {
        byte[] bytes = bytes();
        return bytes.length == 0 ? null : bytes.clone();
    }

    @Override
    public <T> @Nullable T getBody(Class<T> wanted) throws JMSException {
        reset();
        return super.getBody(wanted);
    }

    private byte[] bytes() {
        return content != null ? content : written.toByteArray();
    }
}
