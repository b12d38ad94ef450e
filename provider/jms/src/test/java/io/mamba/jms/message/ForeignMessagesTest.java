package io.mamba.jms.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.jms.MambaDestination;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that behave as the API says and are not of our classes. */
class ForeignMessagesTest {
    private static final MessageFactory MESSAGES = new MessageFactory(MambaDestination::of, AllowedClasses.of(null));

    private static <M extends Message> M foreign(Class<M> type, M behaving) {
        return type.cast(Proxy.newProxyInstance(
                ForeignMessagesTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return method.invoke(behaving, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static MambaMessage copy(Message foreign) throws JMSException {
        MambaMessage copy = ForeignMessages.own(foreign, MESSAGES);
        assertThat(copy).isNotSameAs(foreign);
        return copy;
    }

    @Test
    void ourOwnAreNotCopied() throws JMSException {
        MambaMessage own = MESSAGES.text();

        assertThat(ForeignMessages.own(own, MESSAGES)).isSameAs(own);
    }

    @Test
    void propertiesAndTheClientsHeadersAreCopied() throws JMSException {
        MambaMessage behaving = MESSAGES.message();
        behaving.setIntProperty("n", 1);
        behaving.setStringProperty("s", "v");
        behaving.setJMSType("t");
        behaving.setJMSCorrelationID("c");

        MambaMessage copy = copy(foreign(Message.class, behaving));

        assertThat(copy.getObjectProperty("n")).isEqualTo(1);
        assertThat(copy.getObjectProperty("s")).isEqualTo("v");
        assertThat(copy.getJMSType()).isEqualTo("t");
        assertThat(copy.getJMSCorrelationID()).isEqualTo("c");
    }

    @Test
    void bodiesOfAllTypesAreCopied() throws JMSException {
        MambaTextMessage text = MESSAGES.text();
        text.setText("a");
        MambaBytesMessage bytes = MESSAGES.bytes();
        bytes.writeBytes(new byte[10_000]);
        bytes.writeByte((byte) 1);
        MambaMapMessage map = MESSAGES.map();
        map.setInt("n", 1);
        MambaObjectMessage object = MESSAGES.object();
        object.setObject(5);

        assertThat(copy(foreign(TextMessage.class, text)).getBody(String.class)).isEqualTo("a");
        assertThat(copy(foreign(BytesMessage.class, bytes)).getBody(byte[].class))
                .hasSize(10_001)
                .endsWith(1);
        assertThat((Object) copy(foreign(MapMessage.class, map)).getBody(Map.class))
                .isEqualTo(Map.of("n", 1));
        assertThat(copy(foreign(ObjectMessage.class, object)).getBody(Integer.class))
                .isEqualTo(5);
    }

    @Test
    void fieldsOfAStreamAreCopied() throws JMSException {
        MambaStreamMessage stream = MESSAGES.stream();
        List<Object> fields = List.of(1, "two", 3.0);
        for (Object field : fields) {
            stream.writeObject(field);
        }

        MambaStreamMessage copy = (MambaStreamMessage) copy(foreign(StreamMessage.class, stream));

        copy.reset();
        for (Object field : fields) {
            assertThat(copy.readObject()).isEqualTo(field);
        }
    }

    @Test
    void theSendersObjectGetsTheHeaders() throws JMSException {
        MambaMessage behaving = MESSAGES.message();
        Message foreign = foreign(Message.class, behaving);
        MambaMessage sent = copy(foreign);
        sent.setJMSMessageID("ID:1");
        sent.setJMSPriority(9);

        ForeignMessages.headers(sent, foreign);

        assertThat(foreign.getJMSMessageID()).isEqualTo("ID:1");
        assertThat(foreign.getJMSPriority()).isEqualTo(9);
    }
}
