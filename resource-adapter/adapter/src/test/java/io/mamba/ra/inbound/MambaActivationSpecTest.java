package io.mamba.ra.inbound;

import static io.mamba.ra.BeanProperties.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.client.Redelivery;
import io.mamba.client.Source;
import io.mamba.client.SubscriptionName;
import io.mamba.jms.MambaConnectionFactory;
import io.mamba.message.Address;
import io.mamba.ra.BeanProperties;
import io.mamba.ra.ConnectionSettings;
import io.mamba.ra.GivenProperties;
import io.mamba.ra.LogAccess;
import io.mamba.ra.MambaResourceAdapter;
import io.mamba.ra.fake.FakeJndi;
import io.mamba.ra.fake.WarningsOf;
import io.mamba.ra.outbound.MambaManagedConnectionFactory;
import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MambaActivationSpecTest {
    private static MambaActivationSpec spec(@Nullable Object... namesAndValues) {
        return with(with(new MambaActivationSpec(), "destination", "orders"), namesAndValues);
    }

    @Test
    void hasEveryNameThatApplicationsUse() {
        assertThat(BeanProperties.of(MambaActivationSpec.class))
                .containsAll(List.of(
                        "destinationLookup connectionFactoryLookup destinationType acknowledgeMode messageSelector"
                                .split(" ")))
                .contains("subscriptionDurability", "subscriptionName", "clientId", "clientID", "destination")
                .contains("useJNDI", "jndiParams", "jndiParameters", "user", "userName", "password")
                .contains("maxSession", "maxSessions", "numSessions", "endpointPoolMaxSize", "minSession")
                .contains("singleConnection", "sharedSubscription", "shareSubscriptions", "setupAttempts")
                .contains("setupInterval", "reconnectAttempts", "reconnectInterval", "transactionTimeout")
                .contains("useLocalTx", "maxDeliveries", "maxDeliveryAttempts", "maximumRedeliveries")
                .contains("endpointExceptionRedeliveryAttempts", "initialRedeliveryDelay", "redeliveryDelay")
                .contains("endpointExceptionRedeliveryInterval", "maximumRedeliveryDelay", "backOffMultiplier")
                .contains("useExponentialBackOff", "deadLetterDestination", "batchSize", "maxMessages")
                .contains("messageBatchSize", "startFrom", "queuePrefix", "topicPrefix", "connectorClassName")
                .contains("connectionParameters", "useDLQ", "DLQJNDIName", "DLQHandler", "DLQMaxResent")
                .contains("keepAlive", "keepAliveMillis", "providerAdapterJNDI");
    }

    @Test
    void noPropertyHasAPrimitiveType() {
        assertThat(BeanProperties.of(MambaActivationSpec.class))
                .allSatisfy(name -> assertThat(BeanProperties.type(MambaActivationSpec.class, name)
                                .isPrimitive())
                        .as(name)
                        .isFalse());
    }

    @Test
    void saysLittleAndGetsTheDefaults() {
        EndpointSettings settings = spec().settings();

        assertThat(settings.sessions()).isEqualTo(15);
        assertThat(settings.burst()).isEqualTo(100);
        assertThat(settings.destination().kind()).isEqualTo(Address.Kind.QUEUE);
        assertThat(settings.redelivery()).isEqualTo(Redelivery.DEFAULT);
        assertThat(settings.selector()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxSession", "maxSessions", "numSessions", "endpointPoolMaxSize"})
    void knowsParallelismByManyNames(String name) {
        assertThat(spec(name, 3).settings().sessions()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "maxDeliveries, 4, 4",
        "maxDeliveryAttempts, 4, 4",
        "maximumRedeliveries, 4, 5",
        "endpointExceptionRedeliveryAttempts, 0, 1",
        "maximumRedeliveries, -1, 0"
    })
    void countsDeliveriesOrRedeliveriesAsTheNameSays(String name, Integer value, Integer deliveries) {
        assertThat(spec(name, value).settings().redelivery().maxDeliveries()).isEqualTo(deliveries);
    }

    @Test
    void readsDelaysInMilliseconds() {
        Redelivery redelivery = spec(
                        "redeliveryDelay", 250L, "maximumRedeliveryDelay", 4000L, "useExponentialBackOff", false)
                .settings()
                .redelivery();

        assertThat(redelivery)
                .isEqualTo(new Redelivery(null, Duration.ofMillis(250), 1.0, Duration.ofSeconds(4), null));
    }

    @Test
    void theCanonicalNameWins() {
        assertThat(spec("numSessions", 9, "maxSession", 2).settings().sessions())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Auto-acknowledge", "Dups-ok-acknowledge", "Auto_acknowledge", "AUTO-ACKNOWLEDGE"})
    void acceptsAcknowledgeModesAsTheyAreSpelled(String mode) throws InvalidPropertyException {
        spec("acknowledgeMode", mode).validate();
    }

    @Test
    void foreignPropertiesWithoutMeaningDoNoHarm() throws InvalidPropertyException {
        spec("DLQMaxResent", "3", "keepAlive", "true", "connectorClassName", "x.Y", "setupAttempts", 2)
                .validate();
    }

    /** All sessions are opened at once over one connection, and settle after the bean: there is nothing to switch. */
    @Test
    void whatMambaDoesAnywayMayBeAsked() throws InvalidPropertyException {
        MambaActivationSpec spec = spec("minSession", 3, "singleConnection", true, "useLocalTx", true);

        spec.validate();

        assertThat(spec.settings().sessions()).isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"minSession, 16, above maxSession", "setupAttempts, 3, tries for ever"})
    void whatCannotBeHadIsSaidOnce(String name, Integer value, String text) throws InvalidPropertyException {
        try (WarningsOf warnings = new WarningsOf(GivenProperties.class)) {
            MambaActivationSpec spec = spec(name, value, "singleConnection", false);

            spec.validate();
            spec.validate();

            assertThat(warnings.texts())
                    .hasSize(2)
                    .anySatisfy(warning -> assertThat(warning).contains("'" + name + "'", text))
                    .anySatisfy(warning -> assertThat(warning).contains("'singleConnection'", "one connection"));
        }
    }

    @Nested
    class FindsItsLog {
        private final ConnectionSettings adapter = () -> new LogAccess("mamba:file:/adapter", "server", "secret");

        private ConnectionSettings found(String name) {
            String naming = "java.naming.factory.initial=" + FakeJndi.class.getName();
            MambaActivationSpec spec = spec("connectionFactoryLookup", name, "jndiParams", naming);
            return FactoryResolver.resolve(spec.settings().connecting(), adapter);
        }

        @Test
        void atTheAdapterUnlessAFactoryIsNamed() {
            assertThat(FactoryResolver.resolve(spec().settings().connecting(), adapter))
                    .isSameAs(adapter);
        }

        @Test
        void byAFactoryOfTheServerWithWhatThatLeavesToTheAdapter() throws Exception {
            MambaResourceAdapter resourceAdapter = with(new MambaResourceAdapter(), "url", "mamba:file:/adapter");
            MambaManagedConnectionFactory managed =
                    with(new MambaManagedConnectionFactory(), "userName", "me", "password", "mine", "clientId", "c");
            managed.setResourceAdapter(resourceAdapter);
            FakeJndi.bind("jms/leased", managed.createConnectionFactory());

            assertThat(found("jms/leased").log()).isEqualTo(new LogAccess("mamba:file:/adapter", "me", "mine"));
            assertThat(found("jms/leased").clientId()).isEqualTo("c");
        }

        @Test
        void byAPlainFactory() {
            MambaConnectionFactory plain = new MambaConnectionFactory("mamba:file:/plain");
            plain.setClientId("c");
            FakeJndi.bind("jms/plain", plain);

            assertThat(found("jms/plain").log()).isEqualTo(new LogAccess("mamba:file:/plain", null, null));
            assertThat(found("jms/plain").clientId()).isEqualTo("c");
        }

        @Test
        void notAtAllUnderANameOfNothingOrOfSomethingElse() {
            FakeJndi.bind("jms/other", "text");

            assertThatThrownBy(() -> found("jms/none"))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContaining("'jms/none'");
            assertThatThrownBy(() -> found("jms/other"))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContainingAll("'jms/other'", "java.lang.String", "leave the property out");
        }
    }

    @Nested
    class Refuses {
        private void refused(MambaActivationSpec spec, String... words) {
            assertThatThrownBy(spec::validate)
                    .isInstanceOf(InvalidPropertyException.class)
                    .hasMessageContainingAll(words);
        }

        @Test
        void anActivationWithoutDestination() {
            refused(new MambaActivationSpec(), "destinationLookup", "destination");
        }

        @Test
        void anUnknownDestinationType() {
            refused(spec("destinationType", "Queue"), "destinationType", "'Queue'", "jakarta.jms.Queue");
        }

        @Test
        void aDurableSubscriptionWithoutName() {
            refused(
                    spec("destinationType", "jakarta.jms.Topic", "subscriptionDurability", "Durable"),
                    "subscriptionName");
        }

        @Test
        void aSelectorThatDoesNotParse() {
            refused(spec("messageSelector", "price >"), "messageSelector");
        }

        @Test
        void noSessions() {
            refused(spec("maxSessions", 0), "maxSessions", "1 or more");
        }

        @Test
        void toStartAQueueSomewhere() {
            refused(spec("startFrom", "earliest"), "startFrom", "is for topics");
        }

        @Test
        void toStartNowhere() {
            refused(spec("destinationType", "jakarta.jms.Topic", "startFrom", "soon"), "startFrom", "earliest, latest");
        }
    }

    @Nested
    class Subscribes {
        private final Address topic = Address.topic("prices");

        private Source source(@Nullable Object... namesAndValues) {
            return spec(namesAndValues).settings().subscription().source(topic, null, "preset");
        }

        @Test
        void withWhatComesUnlessToldWhereToStart() {
            assertThat(source("destinationType", "jakarta.jms.Topic").startFrom())
                    .isEqualTo(StartFrom.LATEST);
            assertThat(source("destinationType", "jakarta.jms.Topic", "startFrom", "2026-01-31T08:00:00Z")
                            .startFrom())
                    .isEqualTo(StartFrom.time(Instant.parse("2026-01-31T08:00:00Z")));
        }

        @Test
        void plainlyUnlessToldOtherwise() {
            assertThat(source("clientId", "c").kind()).isEqualTo(Source.Kind.PLAIN);
            assertThat(source("clientId", "c").subscription()).isNull();
        }

        @Test
        void durablyUnderNameAndClientId() {
            Source source = source("subscriptionDurability", "Durable", "subscriptionName", "s", "clientID", "c");

            assertThat(source.kind()).isEqualTo(Source.Kind.DURABLE);
            assertThat(source.subscription()).isEqualTo(new SubscriptionName("c", "s"));
            assertThat(spec().settings().slots(source)).isEqualTo(1);
        }

        @Test
        void underThePresetClientIdUnlessToldAnother() {
            assertThat(source("subscriptionDurability", "Durable", "subscriptionName", "s")
                            .subscription())
                    .isEqualTo(new SubscriptionName("preset", "s"));
        }

        @Test
        void sharedWithAllSlots() {
            Source source = source("sharedSubscription", true, "subscriptionName", "s");

            assertThat(source.kind()).isEqualTo(Source.Kind.SHARED);
            assertThat(spec().settings().slots(source)).isEqualTo(15);
        }
    }

    @Nested
    class Resolves {
        private Address resolve(@Nullable Object... namesAndValues) {
            return DestinationResolver.resolve(spec(namesAndValues).settings().destination());
        }

        @Test
        void aPlainNameByItsType() {
            assertThat(resolve()).isEqualTo(Address.queue("orders"));
            assertThat(resolve("destinationType", "javax.jms.Topic")).isEqualTo(Address.topic("orders"));
        }

        @Test
        void aNameThatSaysItsKind() {
            assertThat(resolve("destination", "topic://a/b")).isEqualTo(Address.topic("a/b"));
            assertThat(resolve("destination", "queue://a", "destinationType", "jakarta.jms.Topic"))
                    .isEqualTo(Address.queue("a"));
        }

        @Test
        void aJndiNameBeforeTheDestination() {
            assertThatThrownBy(() -> resolve("destinationLookup", "jms/none"))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContaining("'jms/none'");
        }
    }
}
