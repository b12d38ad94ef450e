package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.StartFrom;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.io.Serializable;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;
import org.jspecify.annotations.Nullable;

/**
 * A destination: kind and name, nothing more. Equal by these two; {@link #toString} is the form that {@link
 * Address#parse} reads. A bean, so that it can be an administered object: the name may be set, once it is in use it should
 * not be.
 */
public abstract sealed class MambaDestination implements Destination, Referenceable, Serializable
        permits MambaQueue, MambaTopic {
    /** The name of the reference's address that holds the name. */
    public static final String NAME = "name";

    private static final long serialVersionUID = 1L;

    private final Address.Kind kind;
    private String name;

    MambaDestination(Address.Kind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** The destination object of an address, which can be deleted by nobody if it is temporary. */
    public static MambaDestination of(Address address) {
        return of(address, null);
    }

    /**
     * The destination object of an address.
     *
     * @param connection the connection that may delete it, if it is temporary and its own; null for none
     */
    static MambaDestination of(Address address, @Nullable Temporaries connection) {
        return switch (address.kind()) {
            case QUEUE -> new MambaQueue(address.name());
            case TOPIC -> new MambaTopic(address.name());
            case TEMPORARY_QUEUE -> new MambaTemporaryQueue(address.name(), connection);
            case TEMPORARY_TOPIC -> new MambaTemporaryTopic(address.name(), connection);
        };
    }

    /** The address of one of ours; InvalidDestinationException for null and for another provider's. */
    static Address own(@Nullable Destination destination) throws JMSException {
        if (destination instanceof MambaDestination mamba) {
            return mamba.address();
        }
        throw Errors.of(
                ErrorCode.INVALID_DESTINATION,
                destination == null
                        ? "Expected a destination, but got null."
                        : "Expected a destination of Mamba, but got a "
                                + destination.getClass().getName() + ".");
    }

    /** The address for JMSReplyTo, where another provider's destination counts by its name; null for null. */
    static @Nullable Address reply(@Nullable Destination destination) throws JMSException {
        if (destination == null || destination instanceof MambaDestination) {
            return destination == null ? null : own(destination);
        }
        if (destination instanceof Queue queue && queue.getQueueName() != null) {
            return Address.queue(queue.getQueueName());
        }
        if (destination instanceof Topic topic && topic.getTopicName() != null) {
            return Address.topic(topic.getTopicName());
        }
        return own(destination);
    }

    /** INVALID_DESTINATION while it has no name. */
    public Address address() {
        return new Address(kind, name);
    }

    /** Where a subscription starts that is created with this. */
    StartFrom start() {
        return StartFrom.LATEST;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    @Override
    public Reference getReference() throws NamingException {
        if (kind.isTemporary()) {
            throw new OperationNotSupportedException(this + " ends with its connection and cannot be referenced.");
        }
        Class<?> type = kind.isQueue() ? MambaQueue.class : MambaTopic.class;
        return new Reference(type.getName(), new StringRefAddr(NAME, name), "io.mamba.jndi.MambaObjectFactory", null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MambaDestination that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return name.isEmpty() ? kind + " without a name" : address().toString();
    }
}
