package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.StartFrom;
import io.mamba.client.Source;
import io.mamba.client.SubscriptionName;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import io.mamba.selector.Selector;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Topic;
import org.jspecify.annotations.Nullable;

/** What consumers and connection consumers receive from, and the rules for it. */
final class Sources {
    private Sources() {}

    /** A queue, or a subscription of a topic that lives as long as its consumer. */
    static Source of(@Nullable Destination destination, @Nullable String selector, boolean noLocal)
            throws JMSException {
        Address address = MambaDestination.own(destination);
        Selector parsed = Selector.parse(selector);
        return address.kind().isQueue()
                ? Source.queue(address, parsed)
                : new Source(address, parsed, Source.Kind.PLAIN, null, noLocal, start(destination));
    }

    static Source subscription(
            @Nullable Topic topic,
            Source.Kind kind,
            SubscriptionName subscription,
            @Nullable String selector,
            boolean noLocal)
            throws JMSException {
        Address address = MambaDestination.own(topic);
        if (kind != Source.Kind.SHARED && address.kind().isTemporary()) {
            throw Errors.of(
                    ErrorCode.INVALID_DESTINATION,
                    "A durable subscription would outlive the temporary topic " + address + ".");
        }
        if (kind == Source.Kind.DURABLE && subscription.clientId() == null) {
            throw Errors.of(
                    ErrorCode.ILLEGAL_STATE,
                    "A durable subscription that is not shared needs a client id on its connection.");
        }
        return new Source(address, Selector.parse(selector), kind, subscription, noLocal, start(topic));
    }

    private static StartFrom start(@Nullable Destination destination) {
        return destination instanceof MambaDestination own ? own.start() : StartFrom.LATEST;
    }

    static SubscriptionName name(@Nullable String clientId, @Nullable String name) throws JMSException {
        if (name == null || name.isEmpty()) {
            throw Errors.of(ErrorCode.INVALID_DESTINATION, "A subscription needs a name that is not null or empty.");
        }
        return new SubscriptionName(clientId, name);
    }
}
