package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.message.Address;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class MambaDestinationTest {
    @Test
    void isEqualByKindAndName() {
        assertThat(new MambaQueue("a")).isEqualTo(new MambaQueue("a")).hasSameHashCodeAs(new MambaQueue("a"));
        assertThat(new MambaQueue("a")).isNotEqualTo(new MambaQueue("b"));
        assertThat((Object) new MambaQueue("a")).isNotEqualTo(new MambaTopic("a"));
        assertThat((Object) new MambaQueue("a")).isNotEqualTo(new MambaTemporaryQueue("a", null));
    }

    @Test
    void printsTheFormThatParses() {
        for (Address.Kind kind : Address.Kind.values()) {
            Address address = new Address(kind, "a.b/c d");

            MambaDestination destination = MambaDestination.of(address, null);

            assertThat(Address.parse(destination.toString())).isEqualTo(address);
            assertThat(destination.address()).isEqualTo(address);
        }
    }

    @Test
    void isABean() {
        MambaTopic topic = new MambaTopic();
        topic.setName("prices");

        assertThat(topic).isEqualTo(new MambaTopic("prices"));
        assertThat(new MambaTopic()).hasToString("TOPIC without a name");
    }

    @Test
    void isSerializable() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new MambaTemporaryQueue("a", null));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(new MambaTemporaryQueue("a", null));
        }
    }

    @Test
    void ofAnotherProviderCountsByNameAsReplyOnly() throws JMSException {
        Queue foreign = () -> "there";

        assertThat(MambaDestination.reply(foreign)).isEqualTo(Address.queue("there"));
        assertThat(MambaDestination.reply(null)).isNull();
        assertThatThrownBy(() -> MambaDestination.own(foreign)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> MambaDestination.own(null)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> MambaDestination.reply(new Destination() {}))
                .isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void thatIsTemporaryCanBeDeletedByItsConnectionOnly() {
        assertThatThrownBy(() -> new MambaTemporaryQueue("a", null).delete())
                .isInstanceOf(InvalidDestinationException.class);
    }
}
