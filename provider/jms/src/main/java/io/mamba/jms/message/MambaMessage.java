package io.mamba.jms.message;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Headers and properties of every message, and a whole message without body. Not thread-safe, as sessions are not.
 *
 * <p>Headers are never read-only. Properties and body of a received message are, until cleared. What a client sets as
 * JMSXDeliveryCount stays on this object only: a receiver sees what the provider counted.
 */
public class MambaMessage implements Message {
    static final String GROUP_ID = "JMSXGroupID";
    static final String DELIVERY_COUNT = "JMSXDeliveryCount";

    private final PropertyTable properties = new PropertyTable();

    private @Nullable String id;
    private long timestamp;
    private @Nullable String correlationId;
    private byte @Nullable [] correlationBytes;
    private @Nullable Destination replyTo;
    private @Nullable Destination destination;
    private int deliveryMode = Message.DEFAULT_DELIVERY_MODE;
    private boolean redelivered;
    private @Nullable String type;
    private long expiration;
    private long deliveryTime;
    private int priority = Message.DEFAULT_PRIORITY;

    private boolean propertiesReadOnly;
    private boolean bodyReadOnly;
    private Acknowledgement acknowledgement = Acknowledgement.NONE;

    MambaMessage() {}

    /** Becomes the received message; the body is the subclass's affair. */
    final void receive(Envelope from, int attempt, Destinations destinations, Acknowledgement acknowledge) {
        id = from.id();
        timestamp = from.timestamp();
        correlationId = from.correlationId();
        correlationBytes = from.correlationBytes();
        replyTo = from.replyTo() == null ? null : destinations.destination(from.replyTo());
        destination = destinations.destination(from.destination());
        deliveryMode = from.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
        redelivered = attempt > 1;
        type = from.type();
        expiration = from.expiration();
        deliveryTime = from.deliveryTime() == 0 ? from.timestamp() : from.deliveryTime();
        priority = from.priority();
        from.properties().forEach(properties::putReceived);
        if (from.group() != null) {
            properties.putReceived(GROUP_ID, from.group());
        }
        properties.putReceived(DELIVERY_COUNT, Math.max(1, attempt));
        propertiesReadOnly = true;
        bodyReadOnly = true;
        acknowledgement = acknowledge;
        receiveBody(from.body());
    }

    /**
     * What is sent: this message as it is now; later changes are not seen.
     *
     * @param to where it goes
     * @param replyAddress the address of JMSReplyTo, or null
     * @param delayed whether JMSDeliveryTime lies after the time of sending
     * @param origin the sending connection
     */
    public final Envelope envelope(Address to, @Nullable Address replyAddress, boolean delayed, String origin)
            throws JMSException {
        Map<String, Object> sent = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> property : properties.view().entrySet()) {
            Object value = property.getValue();
            if (value != null
                    && !property.getKey().equals(GROUP_ID)
                    && !property.getKey().equals(DELIVERY_COUNT)) {
                sent.put(property.getKey(), value);
            }
        }
        return new Envelope(
                id,
                to,
                deliveryMode == DeliveryMode.PERSISTENT,
                priority,
                timestamp,
                expiration,
                delayed ? deliveryTime : 0,
                correlationId,
                correlationBytes,
                type,
                replyAddress,
                properties.getText(GROUP_ID),
                Collections.unmodifiableMap(sent),
                bodyType(),
                body(),
                origin);
    }

    /** Which of the six types. */
    protected BodyType bodyType() {
        return BodyType.MESSAGE;
    }

    /** The body in the form of {@link Envelope#body}; null for none. */
    protected byte @Nullable [] body() throws JMSException {
        return null;
    }

    /** Takes over the body of a received message. */
    protected void receiveBody(byte @Nullable [] body) {}

    /** Empties the body, in the mode of a new message. */
    protected void emptyBody() {}

    /** The body as getBody gives it, null if there is none; MessageFormatException where there is no such thing. */
    protected @Nullable Object wholeBody() throws JMSException {
        return null;
    }

    /** Whether {@link #wholeBody}, which is not null, can be had as this class. */
    protected boolean gives(Class<?> wanted, Object whole) {
        return wanted.isInstance(whole);
    }

    protected final void checkBodyWriteable() throws JMSException {
        if (bodyReadOnly) {
            throw new MessageNotWriteableException(
                    "The body is read-only; clearBody() makes it writable.", ErrorCode.ILLEGAL_STATE.name());
        }
    }

    protected final void checkBodyReadable() throws JMSException {
        if (!bodyReadOnly) {
            throw new MessageNotReadableException(
                    "The body is write-only; reset() makes it readable.", ErrorCode.ILLEGAL_STATE.name());
        }
    }

    protected final void bodyReadOnly(boolean readOnly) {
        bodyReadOnly = readOnly;
    }

    protected static JMSException format(String message) {
        return Errors.of(ErrorCode.MESSAGE_FORMAT, message);
    }

    @Override
    public void acknowledge() throws JMSException {
        Errors.check(acknowledgement::acknowledge);
    }

    @Override
    public void clearBody() throws JMSException {
        bodyReadOnly = false;
        emptyBody();
    }

    @Override
    public <T> @Nullable T getBody(Class<T> wanted) throws JMSException {
        Object whole = wholeBody();
        if (whole == null) {
            return null;
        }
        if (!gives(wanted, whole)) {
            throw format("The body of this " + bodyType() + " message cannot be had as " + wanted.getName() + ".");
        }
        return wanted.cast(whole);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean isBodyAssignableTo(Class wanted) throws JMSException {
        Object whole = wholeBody();
        return whole == null || gives((Class<?>) wanted, whole);
    }

    /** For receiveBody: whether there is a body and it can be had as this class. */
    public boolean hasBody(Class<?> wanted) throws JMSException {
        Object whole = wholeBody();
        return whole != null && gives(wanted, whole);
    }

    @Override
    public @Nullable String getJMSMessageID() {
        return id;
    }

    @Override
    public void setJMSMessageID(@Nullable String id) {
        this.id = id;
    }

    @Override
    public long getJMSTimestamp() {
        return timestamp;
    }

    @Override
    public void setJMSTimestamp(long timestamp) {
        this.timestamp = timestamp;
    }

    @Override
    public byte @Nullable [] getJMSCorrelationIDAsBytes() {
        if (correlationBytes != null) {
            return correlationBytes.clone();
        }
        return correlationId == null ? null : correlationId.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void setJMSCorrelationIDAsBytes(byte @Nullable [] id) {
        correlationId = null;
        correlationBytes = null;
        if (id == null) {
            return;
        }
        try {
            correlationId = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(id))
                    .toString();
        } catch (CharacterCodingException e) {
            // Not text: kept as it is, and there is no id as String then.
            correlationBytes = id.clone();
        }
    }

    @Override
    public @Nullable String getJMSCorrelationID() {
        return correlationId;
    }

    @Override
    public void setJMSCorrelationID(@Nullable String id) {
        correlationId = id;
        correlationBytes = null;
    }

    @Override
    public @Nullable Destination getJMSReplyTo() {
        return replyTo;
    }

    @Override
    public void setJMSReplyTo(@Nullable Destination replyTo) {
        this.replyTo = replyTo;
    }

    @Override
    public @Nullable Destination getJMSDestination() {
        return destination;
    }

    @Override
    public void setJMSDestination(@Nullable Destination destination) {
        this.destination = destination;
    }

    @Override
    public int getJMSDeliveryMode() {
        return deliveryMode;
    }

    @Override
    public void setJMSDeliveryMode(int deliveryMode) {
        this.deliveryMode = deliveryMode;
    }

    @Override
    public boolean getJMSRedelivered() {
        return redelivered;
    }

    @Override
    public void setJMSRedelivered(boolean redelivered) {
        this.redelivered = redelivered;
    }

    @Override
    public @Nullable String getJMSType() {
        return type;
    }

    @Override
    public void setJMSType(@Nullable String type) {
        this.type = type;
    }

    @Override
    public long getJMSExpiration() {
        return expiration;
    }

    @Override
    public void setJMSExpiration(long expiration) {
        this.expiration = expiration;
    }

    @Override
    public long getJMSDeliveryTime() {
        return deliveryTime;
    }

    @Override
    public void setJMSDeliveryTime(long deliveryTime) {
        this.deliveryTime = deliveryTime;
    }

    @Override
    public int getJMSPriority() {
        return priority;
    }

    @Override
    public void setJMSPriority(int priority) {
        this.priority = priority;
    }

    @Override
    public void clearProperties() {
        properties.clear();
        propertiesReadOnly = false;
    }

    @Override
    public boolean propertyExists(String name) {
        return properties.contains(name);
    }

    @Override
    public boolean getBooleanProperty(String name) throws JMSException {
        return properties.getBoolean(name);
    }

    @Override
    public byte getByteProperty(String name) throws JMSException {
        return properties.getByte(name);
    }

    @Override
    public short getShortProperty(String name) throws JMSException {
        return properties.getShort(name);
    }

    @Override
    public int getIntProperty(String name) throws JMSException {
        return properties.getInt(name);
    }

    @Override
    public long getLongProperty(String name) throws JMSException {
        return properties.getLong(name);
    }

    @Override
    public float getFloatProperty(String name) throws JMSException {
        return properties.getFloat(name);
    }

    @Override
    public double getDoubleProperty(String name) throws JMSException {
        return properties.getDouble(name);
    }

    @Override
    public @Nullable String getStringProperty(String name) throws JMSException {
        return properties.getText(name);
    }

    @Override
    public @Nullable Object getObjectProperty(String name) {
        return properties.get(name);
    }

    @Override
    public Enumeration<String> getPropertyNames() {
        return Collections.enumeration(List.copyOf(properties.names()));
    }

    @Override
    public void setBooleanProperty(String name, boolean value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setByteProperty(String name, byte value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setShortProperty(String name, short value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setIntProperty(String name, int value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setLongProperty(String name, long value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setFloatProperty(String name, float value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setDoubleProperty(String name, double value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setStringProperty(String name, @Nullable String value) throws JMSException {
        setObjectProperty(name, value);
    }

    @Override
    public void setObjectProperty(String name, @Nullable Object value) throws JMSException {
        if (propertiesReadOnly) {
            throw new MessageNotWriteableException(
                    "The properties of a received message are read-only; clearProperties() makes them writable.",
                    ErrorCode.ILLEGAL_STATE.name());
        }
        properties.set(name, value);
    }

    @Override
    public String toString() {
        return bodyType() + " message " + Objects.toString(id, "without id");
    }
}
