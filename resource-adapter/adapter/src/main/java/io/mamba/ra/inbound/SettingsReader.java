package io.mamba.ra.inbound;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.client.Redelivery;
import io.mamba.message.Address;
import io.mamba.ra.GivenProperties;
import io.mamba.ra.LogAccess;
import io.mamba.selector.Selector;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What activation properties mean: the one place that knows aliases, units and defaults. */
final class SettingsReader {
    private static final String[] WITHOUT_EFFECT = {
        "queuePrefix",
        "topicPrefix",
        "connectorClassName",
        "connectionParameters",
        "useDLQ",
        "DLQJNDIName",
        "DLQHandler",
        "DLQMaxResent",
        "keepAlive",
        "keepAliveMillis",
        "providerAdapterJNDI"
    };

    private final GivenProperties given;

    private SettingsReader(GivenProperties given) {
        this.given = given;
    }

    /** @throws MambaException INVALID_ARGUMENT, INVALID_SELECTOR */
    static EndpointSettings read(GivenProperties given) {
        return new SettingsReader(given).read();
    }

    private EndpointSettings read() {
        for (String name : WITHOUT_EFFECT) {
            given.ignore(name, "it belongs to another adapter and says nothing that Mamba needs");
        }
        given.ignore("setupAttempts", "Mamba tries for ever");
        given.ignore("reconnectAttempts", "Mamba tries for ever");
        given.ignore("transactionTimeout", "set the timeout of the bean's transactions in the server");
        acknowledgeMode();
        DestinationName destination = destination();
        return new EndpointSettings(
                destination,
                subscription(destination),
                selector(),
                connecting(),
                sessions(),
                atLeastOne("batchSize", EndpointSettings.DEFAULT_BURST, "maxMessages", "messageBatchSize"),
                redelivery());
    }

    private Connecting connecting() {
        if (Boolean.FALSE.equals(given.flag("singleConnection"))) {
            given.ignore("singleConnection", "the sessions of a bean always share one connection");
        }
        return new Connecting(
                new LogAccess(null, given.resolve("userName", "user"), given.text("password")),
                given.text("connectionFactoryLookup"),
                jndiParams(),
                orElse(milliseconds("setupInterval", "reconnectInterval"), Connecting.DEFAULT_FIRST_RETRY));
    }

    private @Nullable String jndiParams() {
        return given.resolve("jndiParams", "jndiParameters");
    }

    private int sessions() {
        int most = atLeastOne(
                "maxSession", EndpointSettings.DEFAULT_SESSIONS, "maxSessions", "numSessions", "endpointPoolMaxSize");
        Integer least = given.integer("minSession");
        if (least != null && least > most) {
            given.ignore("minSession", "it is above maxSession; those " + most + " are all opened at once");
        }
        return most;
    }

    private @Nullable Selector selector() {
        try {
            return Selector.parse(given.text("messageSelector"));
        } catch (MambaException e) {
            throw new MambaException(e.code(), "Activation property 'messageSelector': " + e.getMessage(), e);
        }
    }

    private DestinationName destination() {
        String lookup = given.text("destinationLookup");
        String name = given.text("destination");
        if (lookup == null && name == null) {
            throw refuse("destinationLookup", "or 'destination' must say where the messages come from");
        }
        Boolean useJndi = given.flag("useJNDI");
        return new DestinationName(
                lookup, name, kind(given.text("destinationType")), useJndi != null && useJndi, jndiParams());
    }

    private Address.Kind kind(@Nullable String type) {
        if (type == null) {
            return Address.Kind.QUEUE;
        }
        return switch (type) {
            case "jakarta.jms.Queue", "javax.jms.Queue" -> Address.Kind.QUEUE;
            case "jakarta.jms.Topic", "javax.jms.Topic" -> Address.Kind.TOPIC;
            default ->
                throw refuse("destinationType", "is '" + type + "': expected jakarta.jms.Queue or jakarta.jms.Topic");
        };
    }

    /** Both modes settle a message once the bean has had it; there is nothing to choose. */
    private void acknowledgeMode() {
        String mode = given.text("acknowledgeMode");
        if (mode == null) {
            return;
        }
        switch (mode.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "auto-acknowledge", "dups-ok-acknowledge" -> {}
            default ->
                throw refuse("acknowledgeMode", "is '" + mode + "': expected Auto-acknowledge or Dups-ok-acknowledge");
        }
    }

    private Subscription subscription(DestinationName destination) {
        boolean durable = durable();
        String flag = given.decisive("sharedSubscription", "shareSubscriptions");
        boolean shared = flag != null && Boolean.TRUE.equals(given.flag(flag));
        String name = given.text("subscriptionName");
        boolean queue = destination.lookup() == null
                && destination.kind() == Address.Kind.QUEUE
                && destination.name() != null
                && !destination.name().startsWith("topic://");
        if ((durable || shared) && name == null && !queue) {
            throw refuse("subscriptionName", "must be set for a durable or shared subscription");
        }
        return new Subscription(durable, shared, given.resolve("clientId", "clientID"), name, startFrom(queue));
    }

    private StartFrom startFrom(boolean queue) {
        String place = given.text("startFrom");
        if (place == null) {
            return StartFrom.LATEST;
        }
        if (queue) {
            throw refuse(
                    "startFrom",
                    "is for topics: what waits in a queue is received anyway; MambaAdmin.replay repeats the rest");
        }
        try {
            return StartFrom.parse(place);
        } catch (MambaException e) {
            throw new MambaException(e.code(), "Activation property " + e.getMessage(), e);
        }
    }

    private boolean durable() {
        String durability = given.text("subscriptionDurability");
        if (durability == null) {
            return false;
        }
        return switch (durability.toLowerCase(Locale.ROOT)) {
            case "durable", "true" -> true;
            case "nondurable", "non-durable", "false" -> false;
            default ->
                throw refuse("subscriptionDurability", "is '" + durability + "': expected Durable or NonDurable");
        };
    }

    private Redelivery redelivery() {
        Double multiplier = given.decimal("backOffMultiplier");
        if (multiplier != null && multiplier < 1) {
            throw refuse("backOffMultiplier", "is " + multiplier + ": expected 1 or more");
        }
        if (multiplier == null && Boolean.FALSE.equals(given.flag("useExponentialBackOff"))) {
            multiplier = 1.0;
        }
        return new Redelivery(
                maxDeliveries(),
                milliseconds("initialRedeliveryDelay", "redeliveryDelay", "endpointExceptionRedeliveryInterval"),
                multiplier,
                milliseconds("maximumRedeliveryDelay"),
                deadLetters());
    }

    private @Nullable Address deadLetters() {
        String name = given.text("deadLetterDestination");
        if (name == null) {
            return null;
        }
        Address address = name.contains("://") ? Address.parse(name) : Address.queue(name);
        if (address.kind() != Address.Kind.QUEUE) {
            throw refuse("deadLetterDestination", "is '" + name + "': expected the name of a queue");
        }
        return address;
    }

    /** Some names count deliveries, others redeliveries; below 0 means without limit, which is 0 here. */
    private @Nullable Integer maxDeliveries() {
        String name = given.decisive(
                "maxDeliveries", "maxDeliveryAttempts", "maximumRedeliveries", "endpointExceptionRedeliveryAttempts");
        Integer value = name == null ? null : given.integer(name);
        if (name == null || value == null) {
            return null;
        }
        boolean redeliveries = name.equals("maximumRedeliveries") || name.equals("endpointExceptionRedeliveryAttempts");
        return value < 0 ? 0 : redeliveries ? Math.addExact(value, 1) : value;
    }

    private int atLeastOne(String canonical, int otherwise, String... aliases) {
        String name = given.decisive(canonical, aliases);
        Integer value = name == null ? null : given.integer(name);
        if (name == null || value == null) {
            return otherwise;
        }
        if (value < 1) {
            throw refuse(name, "is " + value + ": expected 1 or more");
        }
        return value;
    }

    private @Nullable Duration milliseconds(String canonical, String... aliases) {
        String name = given.decisive(canonical, aliases);
        Long value = name == null ? null : given.number(name);
        if (name == null || value == null) {
            return null;
        }
        if (value < 0) {
            throw refuse(name, "is " + value + ": expected milliseconds, 0 or more");
        }
        return Duration.ofMillis(value);
    }

    private static Duration orElse(@Nullable Duration value, Duration otherwise) {
        return value == null ? otherwise : value;
    }

    private static MambaException refuse(String property, String rest) {
        return new MambaException(ErrorCode.INVALID_ARGUMENT, "Activation property '" + property + "' " + rest + ".");
    }
}
