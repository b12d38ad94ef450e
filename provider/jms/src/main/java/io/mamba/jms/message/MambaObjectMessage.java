package io.mamba.jms.message;

import io.mamba.jms.error.Errors;
import io.mamba.message.BodyType;
import jakarta.jms.JMSException;
import jakarta.jms.ObjectMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An ObjectMessage. The object is serialized when it is set and read anew by each getObject, so that nobody sees another's
 * changes; what was received passes the allow-list.
 */
public final class MambaObjectMessage extends MambaMessage implements ObjectMessage {
    private final AllowedClasses allowed;

    private byte @Nullable [] serialized;
    private boolean received;

    MambaObjectMessage(AllowedClasses allowed) {
        this.allowed = allowed;
    }

    @Override
    public void setObject(@Nullable Serializable object) throws JMSException {
        checkBodyWriteable();
        serialized = object == null ? null : serialize(object);
        received = false;
    }

    @Override
    public @Nullable Serializable getObject() throws JMSException {
        if (serialized == null) {
            return null;
        }
        return (Serializable) (received ? allowed.read(serialized) : AllowedClasses.readOwn(serialized));
    }

    @Override
    protected BodyType bodyType() {
        return BodyType.OBJECT;
    }

    @Override
    protected byte @Nullable [] body() {
        return serialized;
    }

    @Override
    protected void receiveBody(byte @Nullable [] body) {
        serialized = body;
        received = true;
    }

    @Override
    protected void emptyBody() {
        serialized = null;
        received = false;
    }

    @Override
    protected @Nullable Object wholeBody() throws JMSException {
        return getObject();
    }

    private static byte[] serialize(Serializable object) throws JMSException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw Errors.because(e, format("The object cannot be serialized: " + e));
        }
        return bytes.toByteArray();
    }
}
