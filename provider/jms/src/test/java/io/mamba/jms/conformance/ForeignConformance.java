package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages and destinations of other providers. */
abstract class ForeignConformance extends Conformance {
    /** A message that knows its setters and getters and nothing else, as another provider's might. */
    private static TextMessage foreign(Map<String, @Nullable Object> state) {
        return (TextMessage) Proxy.newProxyInstance(
                ForeignConformance.class.getClassLoader(), new Class<?>[] {TextMessage.class}, (self, method, args) -> {
                    String name = method.getName();
                    if (name.equals("equals")) {
                        return self == args[0];
                    }
                    if (name.startsWith("set")) {
                        state.put(name.substring(3), args[0]);
                        return null;
                    }
                    Object value = name.startsWith("get") ? state.get(name.substring(3)) : null;
                    return value;
                });
    }

    @Test
    void aForeignMessageIsSentAndGetsItsHeaders() throws JMSException {
        Session session = session();
        Map<String, @Nullable Object> state = new HashMap<>();
        TextMessage foreign = foreign(state);
        foreign.setText("a");
        foreign.setJMSCorrelationID("c");
        Queue elsewhere = () -> "elsewhere";
        foreign.setJMSReplyTo(elsewhere);

        session.createProducer(queue(session)).send(foreign);

        assertThat(foreign.getJMSMessageID()).startsWith("ID:");
        assertThat(foreign.getJMSDestination()).isEqualTo(queue(session));
        assertThat(state).containsKeys("JMSTimestamp", "JMSDeliveryMode", "JMSPriority", "JMSExpiration");
        Message received = next(session.createConsumer(queue(session)));
        assertThat(text(received)).isEqualTo("a");
        assertThat(received.getJMSCorrelationID()).isEqualTo("c");
        assertThat(received.getJMSReplyTo()).isEqualTo(session.createQueue("elsewhere"));
    }

    @Test
    void aForeignDestinationIsNotForConsumersAndProducers() throws JMSException {
        Session session = session();
        Queue foreign = () -> "elsewhere";

        assertThatThrownBy(() -> session.createConsumer(foreign)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createProducer(foreign)).isInstanceOf(InvalidDestinationException.class);
    }
}
