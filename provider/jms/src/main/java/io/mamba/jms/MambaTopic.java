package io.mamba.jms;

import io.mamba.StartFrom;
import io.mamba.message.Address;
import jakarta.jms.Topic;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import org.jspecify.annotations.Nullable;

/**
 * A topic by name; bean-constructible, so that it can be an administered object. It may say where subscriptions start that
 * are created by it; that is no part of what makes two topics equal.
 */
public non-sealed class MambaTopic extends MambaDestination implements Topic {
    /** The name of the reference's address that holds where subscriptions start. */
    public static final String START_FROM = "startFrom";

    private static final long serialVersionUID = 1L;

    private @Nullable String startFrom;

    /** For beans and references; {@link #setName} must follow. */
    public MambaTopic() {
        this("");
    }

    public MambaTopic(String name) {
        this(Address.Kind.TOPIC, name);
    }

    MambaTopic(Address.Kind kind, String name) {
        super(kind, name);
    }

    public @Nullable String getStartFrom() {
        return startFrom;
    }

    /**
     * Where a subscription starts that is created with this topic: {@code earliest}, {@code latest} (as without it), a
     * position, or a time such as {@code 2026-01-31T08:00:00Z}. A durable one that exists goes on where it is.
     *
     * @throws io.mamba.MambaException INVALID_ARGUMENT
     */
    public void setStartFrom(@Nullable String startFrom) {
        if (startFrom != null) {
            StartFrom.parse(startFrom);
        }
        this.startFrom = startFrom;
    }

    @Override
    StartFrom start() {
        return startFrom == null ? StartFrom.LATEST : StartFrom.parse(startFrom);
    }

    @Override
    public Reference getReference() throws NamingException {
        Reference reference = super.getReference();
        if (startFrom != null) {
            reference.add(new StringRefAddr(START_FROM, startFrom));
        }
        return reference;
    }

    @Override
    public String getTopicName() {
        return getName();
    }
}
