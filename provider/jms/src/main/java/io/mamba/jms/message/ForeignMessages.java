package io.mamba.jms.message;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies messages of other providers into our own, by what the API shows of them. */
public final class ForeignMessages {
    private static final int CHUNK = 8192;

    private ForeignMessages() {}

    /** Ours as it is, another's as a copy with the client's headers, the properties and the body. */
    public static MambaMessage own(Message message, MessageFactory factory) throws JMSException {
        if (message instanceof MambaMessage mamba) {
            return mamba;
        }
        MambaMessage copy = body(message, factory);
        copy.setJMSCorrelationID(message.getJMSCorrelationID());
        copy.setJMSReplyTo(message.getJMSReplyTo());
        copy.setJMSType(message.getJMSType());
        for (String name : names(message.getPropertyNames())) {
            if (!name.equals(MambaMessage.DELIVERY_COUNT)) {
                copy.setObjectProperty(name, message.getObjectProperty(name));
            }
        }
        return copy;
    }

    /** Shows the sender of another provider's message the headers that sending has set. */
    public static void headers(MambaMessage sent, Message foreign) throws JMSException {
        foreign.setJMSMessageID(sent.getJMSMessageID());
        foreign.setJMSTimestamp(sent.getJMSTimestamp());
        foreign.setJMSDestination(sent.getJMSDestination());
        foreign.setJMSDeliveryMode(sent.getJMSDeliveryMode());
        foreign.setJMSPriority(sent.getJMSPriority());
        foreign.setJMSExpiration(sent.getJMSExpiration());
        foreign.setJMSDeliveryTime(sent.getJMSDeliveryTime());
    }

    private static MambaMessage body(Message message, MessageFactory factory) throws JMSException {
        if (message instanceof TextMessage from) {
            MambaTextMessage text = factory.text();
            text.setText(from.getText());
            return text;
        } else if (message instanceof BytesMessage from) {
            MambaBytesMessage bytes = factory.bytes();
            from.reset();
            byte[] chunk = new byte[CHUNK];
            for (int read = from.readBytes(chunk); read > 0; read = from.readBytes(chunk)) {
                bytes.writeBytes(chunk, 0, read);
            }
            return bytes;
        } else if (message instanceof MapMessage from) {
            MambaMapMessage map = factory.map();
            for (String name : names(from.getMapNames())) {
                map.setObject(name, from.getObject(name));
            }
            return map;
        } else if (message instanceof StreamMessage from) {
            MambaStreamMessage stream = factory.stream();
            copyFields(from, stream);
            return stream;
        } else if (message instanceof ObjectMessage from) {
            MambaObjectMessage object = factory.object();
            object.setObject(from.getObject());
            return object;
        }
        return factory.message();
    }

    private static void copyFields(StreamMessage from, MambaStreamMessage to) throws JMSException {
        from.reset();
        while (true) {
            Object field;
            try {
                field = from.readObject();
            } catch (MessageEOFException end) {
                return;
            }
            to.writeObject(field);
        }
    }

    private static List<String> names(@Nullable Enumeration<?> names) {
        if (names == null) {
            return List.of();
        }
        return Arrays.asList(
                Collections.list(names).stream().map(String::valueOf).toArray(String[]::new));
    }
}
