package io.mamba.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.jms.MambaDestination;
import io.mamba.jms.MambaQueue;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Headers, properties and bodies of the six types, without a log: what is sent is what is received. */
class MessageTest {
    private static final MessageFactory MESSAGES = new MessageFactory(MambaDestination::of, AllowedClasses.of(null));
    private static final Address ORDERS = Address.queue("orders");

    private static Envelope envelope(MambaMessage message) throws JMSException {
        return message.envelope(ORDERS, null, false, "here");
    }

    @SuppressWarnings("unchecked")
    private static <M extends MambaMessage> M received(M sent, int attempt) throws JMSException {
        return (M) MESSAGES.received(envelope(sent), attempt, Acknowledgement.NONE);
    }

    private static <M extends MambaMessage> M received(M sent) throws JMSException {
        return received(sent, 1);
    }

    @Nested
    class Headers {
        private final MambaMessage message = MESSAGES.message();

        @Test
        void roundTrip() throws JMSException {
            message.setJMSMessageID("ID:1");
            message.setJMSTimestamp(1000);
            message.setJMSCorrelationID("c");
            message.setJMSReplyTo(new MambaQueue("replies"));
            message.setJMSDeliveryMode(DeliveryMode.NON_PERSISTENT);
            message.setJMSType("t");
            message.setJMSExpiration(2000);
            message.setJMSDeliveryTime(1500);
            message.setJMSPriority(7);

            MambaMessage received = MESSAGES.received(
                    message.envelope(ORDERS, Address.queue("replies"), true, "here"), 1, Acknowledgement.NONE);

            assertThat(received.getJMSMessageID()).isEqualTo("ID:1");
            assertThat(received.getJMSTimestamp()).isEqualTo(1000);
            assertThat(received.getJMSCorrelationID()).isEqualTo("c");
            assertThat(received.getJMSReplyTo()).isEqualTo(new MambaQueue("replies"));
            assertThat(received.getJMSDestination()).isEqualTo(new MambaQueue("orders"));
            assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
            assertThat(received.getJMSType()).isEqualTo("t");
            assertThat(received.getJMSExpiration()).isEqualTo(2000);
            assertThat(received.getJMSDeliveryTime()).isEqualTo(1500);
            assertThat(received.getJMSPriority()).isEqualTo(7);
            assertThat(received.getJMSRedelivered()).isFalse();
        }

        @Test
        void deliveryTimeIsTheTimestampWithoutDelay() throws JMSException {
            message.setJMSTimestamp(1000);
            message.setJMSDeliveryTime(1000);

            assertThat(received(message).getJMSDeliveryTime()).isEqualTo(1000);
        }

        @Test
        void correlationIdMayBeTextOrBytes() throws JMSException {
            message.setJMSCorrelationIDAsBytes("grün".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(received(message).getJMSCorrelationID()).isEqualTo("grün");

            byte[] noText = {(byte) 0xff, 0, 1};
            message.setJMSCorrelationIDAsBytes(noText);
            assertThat(received(message).getJMSCorrelationIDAsBytes()).isEqualTo(noText);
            assertThat(received(message).getJMSCorrelationID()).isNull();

            message.setJMSCorrelationID("text");
            assertThat(received(message).getJMSCorrelationIDAsBytes())
                    .isEqualTo("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));

            message.setJMSCorrelationIDAsBytes(null);
            assertThat(received(message).getJMSCorrelationIDAsBytes()).isNull();
        }

        @Test
        void ofAReceivedMessageCanBeSet() throws JMSException {
            MambaMessage received = received(message);

            received.setJMSPriority(9);
            received.setJMSType("t");

            assertThat(received.getJMSPriority()).isEqualTo(9);
            assertThat(received.getJMSType()).isEqualTo("t");
        }

        @Test
        void aLaterAttemptIsRedeliveredAndCounted() throws JMSException {
            MambaMessage received = received(message, 3);

            assertThat(received.getJMSRedelivered()).isTrue();
            assertThat(received.getIntProperty("JMSXDeliveryCount")).isEqualTo(3);
            assertThat(received.getStringProperty("JMSXDeliveryCount")).isEqualTo("3");
        }

        @Test
        void aReceivedMessageSentOnForgetsItsDeliveries() throws JMSException {
            MambaMessage again = received(received(message, 3), 1);

            assertThat(again.getJMSRedelivered()).isFalse();
            assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        }
    }

    @Nested
    class Properties {
        private final MambaMessage message = MESSAGES.message();

        @Test
        void comeBackWithTheTypeTheyWereSetWith() throws JMSException {
            List<Object> values = List.of(true, (byte) 1, (short) 2, 3, 4L, 5f, 6d, "seven");
            for (int i = 0; i < values.size(); i++) {
                message.setObjectProperty("p" + i, values.get(i));
            }

            MambaMessage received = received(message);

            for (int i = 0; i < values.size(); i++) {
                assertThat(received.getObjectProperty("p" + i)).isEqualTo(values.get(i));
            }
        }

        @Test
        void refuseNamesThatAreNoIdentifiers() {
            for (String name : new String[] {null, "", "1a", "a-b", "a b", "NULL", "AND", "LIKE"}) {
                assertThatThrownBy(() -> message.setIntProperty(name, 1))
                        .as("name %s", name)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }

        @Test
        void refuseObjectsThatAreNotBoxed() {
            for (Object value : new Object[] {'c', new byte[0], new ArrayList<>(), new Object()}) {
                assertThatThrownBy(() -> message.setObjectProperty("p", value))
                        .isInstanceOf(MessageFormatException.class);
            }
        }

        @Test
        void areReadOnlyWhenReceivedUntilCleared() throws JMSException {
            message.setStringProperty("p", "v");
            MambaMessage received = received(message);

            assertThatThrownBy(() -> received.setIntProperty("q", 1)).isInstanceOf(MessageNotWriteableException.class);

            received.clearProperties();
            received.setIntProperty("q", 1);
            assertThat(received.propertyExists("p")).isFalse();
            assertThat(received.getIntProperty("q")).isEqualTo(1);
        }

        @Test
        void areListedWithoutHeaders() throws JMSException {
            message.setJMSType("t");
            message.setStringProperty("p", "v");

            assertThat(Collections.list(message.getPropertyNames())).containsExactly("p");
        }

        @Test
        void groupTravelsOutsideOfTheProperties() throws JMSException {
            message.setStringProperty("JMSXGroupID", "g");
            message.setIntProperty("JMSXGroupSeq", 4);

            assertThat(envelope(message).group()).isEqualTo("g");
            assertThat(envelope(message).properties()).containsExactly(Map.entry("JMSXGroupSeq", 4));
            assertThat(received(message).getStringProperty("JMSXGroupID")).isEqualTo("g");
            assertThat(received(message).getIntProperty("JMSXGroupSeq")).isEqualTo(4);
        }
    }

    @Nested
    class Text {
        @Test
        void mayBeNullEmptyOrAnything() throws JMSException {
            for (String text : new String[] {null, "", "täglich 😀"}) {
                MambaTextMessage message = MESSAGES.text();
                message.setText(text);

                assertThat(received(message).getText()).isEqualTo(text);
            }
        }

        @Test
        void isReadOnlyWhenReceivedUntilCleared() throws JMSException {
            MambaTextMessage message = MESSAGES.text();
            message.setText("text");
            message.setStringProperty("p", "v");
            MambaTextMessage received = received(message);

            assertThatThrownBy(() -> received.setText("other")).isInstanceOf(MessageNotWriteableException.class);
            assertThat(received.getText()).isEqualTo("text");

            received.clearBody();
            assertThat(received.getText()).isNull();
            assertThat(received.getStringProperty("p")).isEqualTo("v");
            received.setText("other");
            assertThat(received.getText()).isEqualTo("other");
        }

        @Test
        void canBeHadAsAStringOnly() throws JMSException {
            MambaTextMessage message = MESSAGES.text();
            message.setText("text");

            assertThat(message.getBody(String.class)).isEqualTo("text");
            assertThat(message.getBody(Object.class)).isEqualTo("text");
            assertThat(message.isBodyAssignableTo(String.class)).isTrue();
            assertThat(message.isBodyAssignableTo(Boolean.class)).isFalse();
            assertThatThrownBy(() -> message.getBody(Boolean.class)).isInstanceOf(MessageFormatException.class);
        }
    }

    @Nested
    class Bytes {
        private final MambaBytesMessage message = MESSAGES.bytes();

        @Test
        void areWrittenThenReset() throws JMSException {
            message.writeInt(1);
            assertThatThrownBy(message::readInt).isInstanceOf(MessageNotReadableException.class);
            assertThatThrownBy(message::getBodyLength).isInstanceOf(MessageNotReadableException.class);

            message.reset();

            assertThat(message.getBodyLength()).isEqualTo(4);
            assertThat(message.readInt()).isEqualTo(1);
            assertThatThrownBy(() -> message.writeInt(1)).isInstanceOf(MessageNotWriteableException.class);
        }

        @Test
        void readEverythingThatWasWritten() throws JMSException {
            message.writeBoolean(true);
            message.writeByte((byte) -1);
            message.writeByte((byte) -1);
            message.writeShort((short) -2);
            message.writeShort((short) -2);
            message.writeChar('c');
            message.writeLong(3);
            message.writeFloat(4);
            message.writeDouble(5);
            message.writeUTF("grün");
            message.writeBytes(new byte[] {1, 2, 3, 4}, 1, 2);
            message.writeObject(6);

            MambaBytesMessage received = received(message);

            assertThat(received.readBoolean()).isTrue();
            assertThat(received.readByte()).isEqualTo((byte) -1);
            assertThat(received.readUnsignedByte()).isEqualTo(255);
            assertThat(received.readShort()).isEqualTo((short) -2);
            assertThat(received.readUnsignedShort()).isEqualTo(65534);
            assertThat(received.readChar()).isEqualTo('c');
            assertThat(received.readLong()).isEqualTo(3);
            assertThat(received.readFloat()).isEqualTo(4);
            assertThat(received.readDouble()).isEqualTo(5);
            assertThat(received.readUTF()).isEqualTo("grün");
            byte[] two = new byte[2];
            assertThat(received.readBytes(two)).isEqualTo(2);
            assertThat(two).containsExactly(2, 3);
            assertThat(received.readInt()).isEqualTo(6);
            assertThat(received.readBytes(two)).isEqualTo(-1);
            assertThatThrownBy(received::readByte).isInstanceOf(MessageEOFException.class);
        }

        @Test
        void aReadPastTheEndMovesNothing() throws JMSException {
            message.writeShort((short) 1);
            message.reset();

            assertThatThrownBy(message::readInt).isInstanceOf(MessageEOFException.class);
            assertThat(message.readShort()).isEqualTo((short) 1);
        }

        @Test
        void canBeHadAsAnArray() throws JMSException {
            message.writeBytes(new byte[] {1, 2});

            assertThat(message.getBody(byte[].class)).containsExactly(1, 2);
            assertThat(message.isBodyAssignableTo(byte[].class)).isTrue();
            assertThatThrownBy(() -> message.getBody(String.class)).isInstanceOf(MessageFormatException.class);
        }

        @Test
        void areWritableAgainAfterClearing() throws JMSException {
            message.writeInt(1);
            MambaBytesMessage received = received(message);

            received.clearBody();
            assertThatThrownBy(received::readInt).isInstanceOf(MessageNotReadableException.class);
            received.writeInt(2);
            received.reset();

            assertThat(received.getBodyLength()).isEqualTo(4);
            assertThat(received.readInt()).isEqualTo(2);
        }

        @Test
        void refuseObjectsThatAreNotBoxed() {
            assertThatThrownBy(() -> message.writeObject(new ArrayList<>())).isInstanceOf(MessageFormatException.class);
            assertThatThrownBy(() -> ((jakarta.jms.BytesMessage) message).writeObject(null))
                    .isInstanceOf(NullPointerException.class);
        }
    }

    @Nested
    class Streams {
        private final MambaStreamMessage message = MESSAGES.stream();

        @Test
        void keepTypesAndNulls() throws JMSException {
            List<Object> values = new ArrayList<>(List.of(true, (byte) 1, (short) 2, 'c', 3, 4L, 5f, 6d, "seven"));
            values.add(null);
            for (Object value : values) {
                message.writeObject(value);
            }

            MambaStreamMessage received = received(message);

            for (Object value : values) {
                assertThat(received.readObject()).isEqualTo(value);
            }
            assertThatThrownBy(received::readObject).isInstanceOf(MessageEOFException.class);
        }

        @Test
        void stayWhereTheyAreWhenAReadFails() throws JMSException {
            message.writeString("seven");
            message.writeInt(8);
            message.reset();

            assertThatThrownBy(message::readInt).isInstanceOf(NumberFormatException.class);
            assertThatThrownBy(message::readChar).isInstanceOf(MessageFormatException.class);
            assertThat(message.readString()).isEqualTo("seven");
            assertThat(message.readInt()).isEqualTo(8);
        }

        @Test
        void takePartsOfArraysThatLieWithinThem() throws JMSException {
            message.writeBytes(new byte[] {1, 2, 3}, 1, 2);
            message.reset();

            assertThat(message.readObject()).isEqualTo(new byte[] {2, 3});
            message.clearBody();
            assertThatThrownBy(() -> message.writeBytes(new byte[] {1}, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }

        @Test
        void giveLongArraysInPieces() throws JMSException {
            message.writeBytes(new byte[] {1, 2, 3, 4});
            message.writeBytes(new byte[] {5});
            message.writeBytes(null);
            message.writeInt(6);
            message.reset();
            byte[] two = new byte[2];

            assertThat(message.readBytes(two)).isEqualTo(2);
            assertThatThrownBy(message::readInt).isInstanceOf(MessageFormatException.class);
            assertThat(message.readBytes(two)).isEqualTo(2);
            assertThat(two).containsExactly(3, 4);
            assertThat(message.readBytes(two)).isEqualTo(-1);
            assertThat(message.readBytes(two)).isEqualTo(1);
            assertThat(message.readBytes(two)).isEqualTo(-1);
            assertThat(message.readInt()).isEqualTo(6);
        }

        @Test
        void areWrittenThenReset() throws JMSException {
            message.writeInt(1);
            assertThatThrownBy(message::readInt).isInstanceOf(MessageNotReadableException.class);

            message.reset();

            assertThat(message.readInt()).isEqualTo(1);
            assertThatThrownBy(() -> message.writeInt(1)).isInstanceOf(MessageNotWriteableException.class);
        }

        @Test
        void cannotBeHadAsOneObject() throws JMSException {
            assertThatThrownBy(() -> message.getBody(List.class)).isInstanceOf(MessageFormatException.class);
            assertThat(message.isBodyAssignableTo(Object.class)).isFalse();
        }
    }

    @Nested
    class Maps {
        private final MambaMapMessage message = MESSAGES.map();

        @Test
        void keepTypesAndNulls() throws JMSException {
            message.setObject("int", 1);
            message.setObject("null", null);
            message.setBytes("bytes", new byte[] {1, 2, 3}, 1, 2);

            MambaMapMessage received = received(message);

            assertThat(received.getObject("int")).isEqualTo(1);
            assertThat(received.itemExists("null")).isTrue();
            assertThat(received.getObject("null")).isNull();
            assertThat(received.getBytes("bytes")).containsExactly(2, 3);
            assertThat(received.itemExists("other")).isFalse();
            assertThat(Collections.list(received.getMapNames())).containsExactly("int", "null", "bytes");
        }

        @Test
        void takePartsOfArraysThatLieWithinThem() throws JMSException {
            message.setBytes("part", new byte[] {1, 2, 3}, 1, 2);

            assertThat(message.getBytes("part")).containsExactly(2, 3);
            assertThatThrownBy(() -> message.setBytes("part", new byte[] {1}, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }

        @Test
        void giveCopiesOfArrays() throws JMSException {
            byte[] mine = {1};
            message.setBytes("bytes", mine);
            mine[0] = 2;
            byte[] read = java.util.Objects.requireNonNull(message.getBytes("bytes"));
            read[0] = 3;

            assertThat(message.getBytes("bytes")).containsExactly(1);
        }

        @Test
        void needNames() {
            assertThatThrownBy(() -> ((jakarta.jms.MapMessage) message).setInt(null, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> message.setInt("", 1)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void refuseObjectsThatAreNotBoxed() {
            assertThatThrownBy(() -> message.setObject("p", new ArrayList<>()))
                    .isInstanceOf(MessageFormatException.class);
        }

        @Test
        void canBeHadAsAMap() throws JMSException {
            message.setInt("int", 1);

            assertThat((Object) message.getBody(Map.class)).isEqualTo(Map.of("int", 1));
            assertThat(message.isBodyAssignableTo(Map.class)).isTrue();
            assertThatThrownBy(() -> message.getBody(HashMap.class)).isInstanceOf(MessageFormatException.class);
        }

        @Test
        void areReadOnlyWhenReceived() throws JMSException {
            assertThatThrownBy(() -> received(message).setInt("p", 1)).isInstanceOf(MessageNotWriteableException.class);
        }
    }

    @Nested
    class Objects {
        private final MambaObjectMessage message = MESSAGES.object();

        /** A class that no allow-list names by itself. */
        private record Stranger(int number) implements Serializable {}

        @Test
        void areCopiedWhenSet() throws JMSException {
            ArrayList<String> list = new ArrayList<>(List.of("a"));
            message.setObject(list);
            list.add("b");

            assertThat(message.getObject()).isEqualTo(List.of("a"));
            assertThat(received(message).getObject()).isEqualTo(List.of("a"));
        }

        @Test
        void mayBeNull() throws JMSException {
            assertThat(received(message).getObject()).isNull();
        }

        @Test
        void ofClassesNotAllowedAreRefusedWithTheRemedy() throws JMSException {
            message.setObject(new Stranger(1));
            MambaObjectMessage received = received(message);

            assertThat(message.getObject()).isEqualTo(new Stranger(1));
            assertThatThrownBy(received::getObject)
                    .isInstanceOf(MessageFormatException.class)
                    .hasMessageContaining("objectMessageAllow=" + Stranger.class.getName());
        }

        @Test
        void ofClassesAllowedByNamePackageOrStarPass() throws JMSException {
            message.setObject(new Stranger[] {new Stranger(1)});

            for (String list : List.of("a.B, " + Stranger.class.getName(), "io.mamba.*", "*")) {
                MessageFactory allowing = new MessageFactory(MambaDestination::of, AllowedClasses.of(list));
                MambaObjectMessage received =
                        (MambaObjectMessage) allowing.received(envelope(message), 1, Acknowledgement.NONE);

                assertThat((Object[]) received.getObject()).containsExactly(new Stranger(1));
            }
        }

        @Test
        void ofTheUsualClassesAlwaysPass() throws JMSException {
            List<Serializable> usual = List.of(
                    "text",
                    1,
                    2.5,
                    true,
                    'c',
                    new java.math.BigDecimal("1.5"),
                    new java.math.BigInteger("99"),
                    java.time.Instant.EPOCH,
                    java.time.LocalDate.EPOCH,
                    java.time.Duration.ofDays(1),
                    java.time.DayOfWeek.MONDAY,
                    new java.util.UUID(1, 2),
                    (Serializable) List.of(1, 2),
                    (Serializable) Map.of("a", 1),
                    (Serializable) java.util.Set.of("a"),
                    (Serializable) java.util.Arrays.asList(1, 2),
                    (Serializable) Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                    new java.util.LinkedHashMap<>(Map.of("a", List.of(1))),
                    new java.util.TreeMap<>(Map.of("a", 1)),
                    new java.util.ArrayDeque<>(List.of(1)),
                    java.util.EnumSet.of(java.time.DayOfWeek.MONDAY),
                    new java.util.EnumMap<>(Map.of(java.time.DayOfWeek.MONDAY, 1)),
                    new java.util.concurrent.ConcurrentHashMap<>(Map.of("a", 1)),
                    new int[] {1, 2},
                    new String[][] {{"a"}});
            for (Serializable object : usual) {
                message.setObject(object);

                assertThat(received(message).getObject())
                        .as(object.getClass().getName())
                        .usingRecursiveComparison()
                        .isEqualTo(object);
            }
        }

        @Test
        void canBeHadAsTheirClass() throws JMSException {
            message.setObject(1);

            assertThat(message.getBody(Integer.class)).isEqualTo(1);
            assertThat(message.getBody(Serializable.class)).isEqualTo(1);
            assertThat(message.isBodyAssignableTo(String.class)).isFalse();
        }
    }

    @Test
    void emptyMessagesOfAllTypesKeepTheirType() throws JMSException {
        List<MambaMessage> empty = List.of(
                MESSAGES.message(),
                MESSAGES.text(),
                MESSAGES.bytes(),
                MESSAGES.map(),
                MESSAGES.stream(),
                MESSAGES.object());
        for (MambaMessage message : empty) {
            MambaMessage received = received(message);

            assertThat(received).hasSameClassAs(message);
            boolean stream = received instanceof MambaStreamMessage;
            assertThat(received.isBodyAssignableTo(String.class)).isEqualTo(!stream);
            assertThat(received.hasBody(Object.class)).isFalse();
            if (!stream) {
                assertThat(received.getBody(String.class)).isNull();
            }
        }
    }

    @Test
    void whatWasSentDoesNotChangeWithTheMessage() throws JMSException {
        MambaTextMessage message = MESSAGES.text();
        message.setText("before");
        message.setStringProperty("p", "before");

        Envelope sent = envelope(message);
        message.setText("after");
        message.setStringProperty("p", "after");

        MambaTextMessage received = (MambaTextMessage) MESSAGES.received(sent, 1, Acknowledgement.NONE);
        assertThat(received.getText()).isEqualTo("before");
        assertThat(received.getStringProperty("p")).isEqualTo("before");
    }

    @Test
    void acknowledgeCallsBack() throws JMSException {
        List<String> calls = new ArrayList<>();
        MambaMessage received = MESSAGES.received(envelope(MESSAGES.message()), 1, () -> calls.add("acknowledged"));

        received.acknowledge();

        assertThat(calls).containsExactly("acknowledged");
    }
}
