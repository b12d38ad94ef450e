package io.mamba.jms.message;

import io.mamba.message.BodyType;
import io.mamba.message.Envelope;

/**
 * Makes messages: new ones, and those for what was received. Immutable, any thread may use it.
 *
 * @param destinations gives the objects for JMSDestination and JMSReplyTo of received messages
 * @param allowed what received ObjectMessages may contain
 */
public record MessageFactory(Destinations destinations, AllowedClasses allowed) {
    /**
     * The received message.
     *
     * @param attempt becomes JMSXDeliveryCount; above 1 the message is JMSRedelivered
     * @param acknowledge what its acknowledge() does
     */
    public MambaMessage received(Envelope envelope, int attempt, Acknowledgement acknowledge) {
        MambaMessage message = create(envelope.bodyType());
        message.receive(envelope, attempt, destinations, acknowledge);
        return message;
    }

    /** A new message of that type. */
    private MambaMessage create(BodyType type) {
        return switch (type) {
            case MESSAGE -> message();
            case TEXT -> text();
            case BYTES -> bytes();
            case MAP -> map();
            case STREAM -> stream();
            case OBJECT -> object();
        };
    }

    public MambaMessage message() {
        return new MambaMessage();
    }

    public MambaTextMessage text() {
        return new MambaTextMessage();
    }

    public MambaBytesMessage bytes() {
        return new MambaBytesMessage();
    }

    public MambaMapMessage map() {
        return new MambaMapMessage();
    }

    public MambaStreamMessage stream() {
        return new MambaStreamMessage();
    }

    public MambaObjectMessage object() {
        return new MambaObjectMessage(allowed);
    }
}
