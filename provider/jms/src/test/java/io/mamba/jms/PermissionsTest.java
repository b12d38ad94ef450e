package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.IllegalStateException;
import org.junit.jupiter.api.Test;

class PermissionsTest {
    @Test
    void everythingIsAllowedInJavaSe() {
        for (Permission permission : Permission.values()) {
            assertThatCode(() -> Permissions.ALL.check(permission)).doesNotThrowAnyException();
        }
    }

    @Test
    void aContainerForbidsListenersAndSaysSo() {
        assertThatThrownBy(() -> Permissions.CONTAINER.check(Permission.MESSAGE_LISTENER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Not allowed in a web or EJB container: message listeners.");
        assertThatCode(() -> Permissions.CONTAINER.check(Permission.QUEUES)).doesNotThrowAnyException();
    }

    @Test
    void restrictionsAddUp() {
        Permissions both = Permissions.CONTAINER.and(Permissions.QUEUE_DOMAIN);

        assertThatThrownBy(() -> both.check(Permission.TOPICS)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> both.check(Permission.STOP)).isInstanceOf(IllegalStateException.class);
        assertThatCode(() -> both.check(Permission.QUEUES)).doesNotThrowAnyException();
    }
}
