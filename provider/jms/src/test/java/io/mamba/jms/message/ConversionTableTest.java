package io.mamba.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.jms.MambaDestination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pair of the table, for properties, maps and streams: what is set as one type and read as another. */
class ConversionTableTest {
    private static final MessageFactory MESSAGES = new MessageFactory(MambaDestination::of, AllowedClasses.of(null));

    /** Written value to the types it may be read as; String as a number parses. */
    private static final Map<Object, Set<String>> TABLE = table();

    private static Map<Object, Set<String>> table() {
        Map<Object, Set<String>> table = new LinkedHashMap<>();
        table.put(true, Set.of("boolean", "String"));
        table.put((byte) 7, Set.of("byte", "short", "int", "long", "String"));
        table.put((short) 7, Set.of("short", "int", "long", "String"));
        table.put('7', Set.of("char", "String"));
        table.put(7, Set.of("int", "long", "String"));
        table.put(7L, Set.of("long", "String"));
        table.put(7f, Set.of("float", "double", "String"));
        table.put(7d, Set.of("double", "String"));
        table.put("7", Set.of("boolean", "byte", "short", "int", "long", "float", "double", "String"));
        table.put(new byte[] {7}, Set.of("byte[]"));
        return table;
    }

    private interface Read {
        @Nullable
        Object as(String type) throws JMSException;
    }

    private interface Reader {
        @Nullable
        Object read(Object written, String type) throws JMSException;
    }

    private static final List<String> TYPES =
            List.of("boolean", "byte", "short", "char", "int", "long", "float", "double", "String", "byte[]");

    private static List<DynamicTest> tests(Reader reader, List<String> types, boolean properties) {
        List<DynamicTest> tests = new ArrayList<>();
        TABLE.forEach((written, readable) -> {
            if (properties && (written instanceof byte[] || written instanceof Character)) {
                return;
            }
            for (String type : types) {
                String pair = written.getClass().getSimpleName() + " as " + type;
                Read read = wanted -> reader.read(written, wanted);
                tests.add(
                        readable.contains(type)
                                ? DynamicTest.dynamicTest(
                                        pair, () -> assertThat(read.as(type)).isNotNull())
                                : DynamicTest.dynamicTest(
                                        pair + " is refused",
                                        () -> assertThatThrownBy(() -> read.as(type))
                                                .isInstanceOf(MessageFormatException.class)));
            }
        });
        return tests;
    }

    @TestFactory
    List<DynamicTest> propertiesConvertByTheTable() {
        List<String> types = TYPES.stream()
                .filter(type -> !type.equals("char") && !type.equals("byte[]"))
                .toList();
        return tests(
                (written, type) -> {
                    MambaMessage message = MESSAGES.message();
                    message.setObjectProperty("p", written);
                    return property(message, type);
                },
                types,
                true);
    }

    private static @Nullable Object property(MambaMessage message, String type) throws JMSException {
        return switch (type) {
            case "boolean" -> message.getBooleanProperty("p");
            case "byte" -> message.getByteProperty("p");
            case "short" -> message.getShortProperty("p");
            case "int" -> message.getIntProperty("p");
            case "long" -> message.getLongProperty("p");
            case "float" -> message.getFloatProperty("p");
            case "double" -> message.getDoubleProperty("p");
            default -> message.getStringProperty("p");
        };
    }

    @TestFactory
    List<DynamicTest> mapEntriesConvertByTheTable() {
        return tests(
                (written, type) -> {
                    MambaMapMessage message = MESSAGES.map();
                    message.setObject("p", written);
                    return entry(message, type);
                },
                TYPES,
                false);
    }

    private static @Nullable Object entry(MambaMapMessage message, String type) throws JMSException {
        return switch (type) {
            case "boolean" -> message.getBoolean("p");
            case "byte" -> message.getByte("p");
            case "short" -> message.getShort("p");
            case "char" -> message.getChar("p");
            case "int" -> message.getInt("p");
            case "long" -> message.getLong("p");
            case "float" -> message.getFloat("p");
            case "double" -> message.getDouble("p");
            case "byte[]" -> message.getBytes("p");
            default -> message.getString("p");
        };
    }

    @TestFactory
    List<DynamicTest> streamFieldsConvertByTheTable() {
        return tests(
                (written, type) -> {
                    MambaStreamMessage message = MESSAGES.stream();
                    message.writeObject(written);
                    message.reset();
                    return field(message, type);
                },
                TYPES,
                false);
    }

    private static @Nullable Object field(MambaStreamMessage message, String type) throws JMSException {
        return switch (type) {
            case "boolean" -> message.readBoolean();
            case "byte" -> message.readByte();
            case "short" -> message.readShort();
            case "char" -> message.readChar();
            case "int" -> message.readInt();
            case "long" -> message.readLong();
            case "float" -> message.readFloat();
            case "double" -> message.readDouble();
            case "byte[]" -> message.readBytes(new byte[2]);
            default -> message.readString();
        };
    }

    @Nested
    class WithoutAValue {
        private final MambaMessage message = MESSAGES.message();

        @Test
        void wholeNumbersAreNumberFormatExceptions() {
            for (String type : List.of("byte", "short", "int", "long")) {
                assertThatThrownBy(() -> property(message, type)).as(type).isInstanceOf(NumberFormatException.class);
            }
        }

        @Test
        void otherNumbersAreNullPointerExceptionsAsTheirValueOfIs() {
            for (String type : List.of("float", "double")) {
                assertThatThrownBy(() -> property(message, type)).as(type).isInstanceOf(NullPointerException.class);
            }
        }

        @Test
        void booleanIsFalseAndTextIsNull() throws JMSException {
            assertThat(message.getBooleanProperty("p")).isFalse();
            assertThat(message.getStringProperty("p")).isNull();
            assertThat(message.getObjectProperty("p")).isNull();
            assertThat(message.propertyExists("p")).isFalse();
        }

        @Test
        void aCharIsANullPointerException() {
            assertThatThrownBy(() -> MESSAGES.map().getChar("p")).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aTextThatIsNoNumberIsANumberFormatException() throws JMSException {
        MambaMessage message = MESSAGES.message();
        message.setStringProperty("p", "seven");

        for (String type : List.of("byte", "short", "int", "long", "float", "double")) {
            assertThatThrownBy(() -> property(message, type)).as(type).isInstanceOf(NumberFormatException.class);
        }
        assertThat(message.getBooleanProperty("p")).isFalse();
    }
}
