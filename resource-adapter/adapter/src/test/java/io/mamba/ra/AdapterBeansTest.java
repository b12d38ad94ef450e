package io.mamba.ra;

import static io.mamba.ra.BeanProperties.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.MambaException;
import io.mamba.jms.MambaQueue;
import io.mamba.ra.outbound.MambaManagedConnectionFactory;
import io.mamba.ra.outbound.MambaQueueManagedConnectionFactory;
import io.mamba.ra.outbound.MambaTopicManagedConnectionFactory;
import org.junit.jupiter.api.Test;

class AdapterBeansTest {
    private static final String[] LOG_NAMES = {
        "url", "connectionParameters", "serverUrl", "connectionURL", "userName", "password"
    };

    @Test
    void theAdapterHasItsUrlUnderEachOfItsNames() {
        assertThat(BeanProperties.of(MambaResourceAdapter.class)).containsExactlyInAnyOrder(LOG_NAMES);

        for (String name : new String[] {"url", "connectionParameters", "serverUrl", "connectionURL"}) {
            MambaResourceAdapter adapter = with(new MambaResourceAdapter(), name, "mamba:file:/a");

            assertThat(adapter.log().url()).isEqualTo("mamba:file:/a");
        }
    }

    @Test
    void theCanonicalNameWinsOverItsAliases() {
        MambaResourceAdapter adapter =
                with(new MambaResourceAdapter(), "connectionURL", "mamba:file:/b", "url", "mamba:file:/a");

        assertThat(adapter.log().url()).isEqualTo("mamba:file:/a");
    }

    @Test
    void anEmptyPropertyIsNotSet() {
        MambaResourceAdapter adapter =
                with(new MambaResourceAdapter(), "url", " ", "serverUrl", "mamba:file:/a", "userName", "");

        assertThat(adapter.log()).isEqualTo(new LogAccess("mamba:file:/a", null, null));
    }

    @Test
    void connectionFactoriesHaveTheAdaptersNamesAndTheirOwn() {
        assertThat(BeanProperties.of(MambaManagedConnectionFactory.class))
                .contains(LOG_NAMES)
                .contains("clientId", "clientID", "sessionDefaultType", "useTryLock");
        assertThat(BeanProperties.type(MambaManagedConnectionFactory.class, "useTryLock"))
                .isEqualTo(Integer.class);
    }

    @Test
    void beansAreEqualByWhatTheyMeanWhateverNameSaidIt() {
        assertThat(with(new MambaResourceAdapter(), "url", "mamba:file:/a"))
                .isEqualTo(with(new MambaResourceAdapter(), "serverUrl", "mamba:file:/a"))
                .hasSameHashCodeAs(with(new MambaResourceAdapter(), "serverUrl", "mamba:file:/a"))
                .isNotEqualTo(with(new MambaResourceAdapter(), "url", "mamba:file:/b"));
        assertThat(with(new MambaManagedConnectionFactory(), "clientID", "c"))
                .isEqualTo(with(new MambaManagedConnectionFactory(), "clientId", "c"))
                .hasSameHashCodeAs(with(new MambaManagedConnectionFactory(), "clientId", "c"))
                .isNotEqualTo(new MambaManagedConnectionFactory());
        assertThat(new MambaQueueManagedConnectionFactory())
                .isEqualTo(new MambaQueueManagedConnectionFactory())
                .isNotEqualTo(new MambaTopicManagedConnectionFactory())
                .isNotEqualTo(new MambaManagedConnectionFactory());
    }

    @Test
    void anAdministeredQueueIsAQueueOfItsNameUnderEachAlias() {
        assertThat(BeanProperties.of(MambaQueueObject.class))
                .contains("name", "physicalName", "baseQueueName", "description");
        assertThat(BeanProperties.of(MambaTopicObject.class))
                .contains("name", "physicalName", "baseTopicName", "description");

        for (String name : new String[] {"name", "physicalName", "baseQueueName"}) {
            MambaQueueObject queue = with(new MambaQueueObject(), name, "orders", "description", "for people");

            assertThat(queue).isEqualTo(new MambaQueue("orders")).hasToString("queue://orders");
        }
        assertThat(with(new MambaTopicObject(), "baseTopicName", "prices")).hasToString("topic://prices");
    }

    @Test
    void withoutUrlTheErrorSaysWhatToSet() {
        assertThatThrownBy(() -> new MambaResourceAdapter().log().target())
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("'url'")
                .hasMessageContaining("mamba:file:");
    }

    @Test
    void anUnknownKeyOfTheUrlIsRefusedWithTheNearestKnownOne() {
        LogAccess access = new LogAccess("mamba:file:/a?maxDelivery=3", null, null);

        assertThatThrownBy(access::target)
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("maxDelivery")
                .hasMessageContaining("maxDeliveries");
    }

    @Test
    void aFactoryTakesFromTheAdapterWhatItLeavesOpen() {
        LogAccess adapter = new LogAccess("mamba:file:/a", "server", "secret");

        assertThat(LogAccess.NONE.orElse(adapter)).isEqualTo(adapter);
        assertThat(new LogAccess("mamba:file:/b", null, null).orElse(adapter))
                .isEqualTo(new LogAccess("mamba:file:/b", "server", "secret"));
        assertThat(new LogAccess(null, "me", null).orElse(adapter))
                .isEqualTo(new LogAccess("mamba:file:/a", "me", null));
    }

    @Test
    void noPasswordIsEverShown() {
        LogAccess access = new LogAccess("mamba:file:/a?user=u&password=hidden", "me", "secret");

        assertThat(access.toString())
                .doesNotContain("hidden")
                .doesNotContain("secret")
                .contains("mamba:file:/a", "me");
    }
}
