package io.mamba.jms;

import io.mamba.jms.error.Errors;
import io.mamba.jms.message.MessageFactory;
import io.mamba.jms.message.PropertyTable;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The simplified API: a producer without destination, line by line, and what it lays over each message it sends:
 * properties, and the headers that are the client's to set.
 */
final class ContextProducer implements JMSProducer {
    private final MambaSession session;
    private final MambaProducer producer;
    private final PropertyTable properties = new PropertyTable();
    /** Holds the headers that were set here, with the rules of a message's headers. */
    private final Message headers;

    private @Nullable CompletionListener async;

    ContextProducer(MambaSession session, MambaProducer producer) {
        this.session = session;
        this.producer = producer;
        headers = session.connection().messages().message();
    }

    private interface Setting {
        void run() throws JMSException;
    }

    private JMSProducer set(Setting setting) {
        Errors.uncheck(setting::run);
        return this;
    }

    private JMSProducer send(Destination destination, Errors.Call<Message> making) {
        return set(() -> {
            Message message = making.run();
            if (message != null) {
                overlay(message);
            }
            if (async == null) {
                producer.send(destination, message);
            } else {
                producer.send(destination, message, async);
            }
        });
    }

    private void overlay(Message message) throws JMSException {
        for (String name : properties.names()) {
            message.setObjectProperty(name, properties.get(name));
        }
        if (headers.getJMSCorrelationIDAsBytes() != null) {
            message.setJMSCorrelationIDAsBytes(headers.getJMSCorrelationIDAsBytes());
        }
        if (headers.getJMSCorrelationID() != null) {
            message.setJMSCorrelationID(headers.getJMSCorrelationID());
        }
        if (headers.getJMSType() != null) {
            message.setJMSType(headers.getJMSType());
        }
        if (headers.getJMSReplyTo() != null) {
            message.setJMSReplyTo(headers.getJMSReplyTo());
        }
    }

    private MessageFactory messages() throws JMSException {
        session.checkOpen();
        return session.connection().messages();
    }

    @Override
    public JMSProducer send(Destination destination, @Nullable Message message) {
        return send(destination, () -> message);
    }

    @Override
    public JMSProducer send(Destination destination, @Nullable String body) {
        return send(destination, () -> session.createTextMessage(body));
    }

    @Override
    public JMSProducer send(Destination destination, @Nullable Map<String, Object> body) {
        return send(destination, () -> {
            MapMessage message = messages().map();
            if (body != null) {
                for (Map.Entry<String, Object> entry : body.entrySet()) {
                    message.setObject(entry.getKey(), entry.getValue());
                }
            }
            return message;
        });
    }

    @Override
    public JMSProducer send(Destination destination, byte @Nullable [] body) {
        return send(destination, () -> {
            BytesMessage message = messages().bytes();
            if (body != null) {
                message.writeBytes(body);
            }
            return message;
        });
    }

    @Override
    public JMSProducer send(Destination destination, @Nullable Serializable body) {
        return send(destination, () -> session.createObjectMessage(body));
    }

    @Override
    public JMSProducer setDisableMessageID(boolean value) {
        return set(() -> producer.setDisableMessageID(value));
    }

    @Override
    public boolean getDisableMessageID() {
        return Errors.unchecked(producer::getDisableMessageID);
    }

    @Override
    public JMSProducer setDisableMessageTimestamp(boolean value) {
        return set(() -> producer.setDisableMessageTimestamp(value));
    }

    @Override
    public boolean getDisableMessageTimestamp() {
        return Errors.unchecked(producer::getDisableMessageTimestamp);
    }

    @Override
    public JMSProducer setDeliveryMode(int deliveryMode) {
        return set(() -> producer.setDeliveryMode(deliveryMode));
    }

    @Override
    public int getDeliveryMode() {
        return Errors.unchecked(producer::getDeliveryMode);
    }

    @Override
    public JMSProducer setPriority(int priority) {
        return set(() -> producer.setPriority(priority));
    }

    @Override
    public int getPriority() {
        return Errors.unchecked(producer::getPriority);
    }

    @Override
    public JMSProducer setTimeToLive(long timeToLive) {
        return set(() -> producer.setTimeToLive(timeToLive));
    }

    @Override
    public long getTimeToLive() {
        return Errors.unchecked(producer::getTimeToLive);
    }

    @Override
    public JMSProducer setDeliveryDelay(long deliveryDelay) {
        return set(() -> producer.setDeliveryDelay(deliveryDelay));
    }

    @Override
    public long getDeliveryDelay() {
        return Errors.unchecked(producer::getDeliveryDelay);
    }

    @Override
    public JMSProducer setAsync(@Nullable CompletionListener listener) {
        return set(() -> {
            session.checkPermission(Permission.ASYNC_SEND);
            async = listener;
        });
    }

    @Override
    public @Nullable CompletionListener getAsync() {
        return async;
    }

    @Override
    public JMSProducer setProperty(String name, boolean value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, byte value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, short value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, int value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, long value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, float value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, double value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, @Nullable String value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, @Nullable Object value) {
        return set(() -> properties.set(name, value));
    }

    @Override
    public JMSProducer clearProperties() {
        properties.clear();
        return this;
    }

    @Override
    public boolean propertyExists(String name) {
        return properties.contains(name);
    }

    @Override
    public boolean getBooleanProperty(String name) {
        return Errors.unchecked(() -> properties.getBoolean(name));
    }

    @Override
    public byte getByteProperty(String name) {
        return Errors.unchecked(() -> properties.getByte(name));
    }

    @Override
    public short getShortProperty(String name) {
        return Errors.unchecked(() -> properties.getShort(name));
    }

    @Override
    public int getIntProperty(String name) {
        return Errors.unchecked(() -> properties.getInt(name));
    }

    @Override
    public long getLongProperty(String name) {
        return Errors.unchecked(() -> properties.getLong(name));
    }

    @Override
    public float getFloatProperty(String name) {
        return Errors.unchecked(() -> properties.getFloat(name));
    }

    @Override
    public double getDoubleProperty(String name) {
        return Errors.unchecked(() -> properties.getDouble(name));
    }

    @Override
    public @Nullable String getStringProperty(String name) {
        return Errors.unchecked(() -> properties.getText(name));
    }

    @Override
    public @Nullable Object getObjectProperty(String name) {
        return properties.get(name);
    }

    @Override
    public Set<String> getPropertyNames() {
        return properties.names();
    }

    @Override
    public JMSProducer setJMSCorrelationIDAsBytes(byte @Nullable [] id) {
        return set(() -> headers.setJMSCorrelationIDAsBytes(id));
    }

    @Override
    public byte @Nullable [] getJMSCorrelationIDAsBytes() {
        return Errors.unchecked(headers::getJMSCorrelationIDAsBytes);
    }

    @Override
    public JMSProducer setJMSCorrelationID(@Nullable String id) {
        return set(() -> headers.setJMSCorrelationID(id));
    }

    @Override
    public @Nullable String getJMSCorrelationID() {
        return Errors.unchecked(headers::getJMSCorrelationID);
    }

    @Override
    public JMSProducer setJMSType(@Nullable String type) {
        return set(() -> headers.setJMSType(type));
    }

    @Override
    public @Nullable String getJMSType() {
        return Errors.unchecked(headers::getJMSType);
    }

    @Override
    public JMSProducer setJMSReplyTo(@Nullable Destination replyTo) {
        return set(() -> headers.setJMSReplyTo(replyTo));
    }

    @Override
    public @Nullable Destination getJMSReplyTo() {
        return Errors.unchecked(headers::getJMSReplyTo);
    }
}
