package io.mamba.message;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of MAP and STREAM messages as bytes; specified in docs/log-format.md. A value is null, a Boolean, Byte,
 * Short, Character, Integer, Long, Float, Double, String or byte[].
 */
public final class BodyCodec {
    private static final byte MAP = 'M';
    private static final byte STREAM = 'S';
    private static final byte VERSION = 1;

    private static final int NULL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int BYTE = 3;
    private static final int SHORT = 4;
    private static final int CHARACTER = 5;
    private static final int INTEGER = 6;
    private static final int LONG = 7;
    private static final int FLOAT = 8;
    private static final int DOUBLE = 9;
    private static final int STRING = 10;
    private static final int BYTES = 11;

    private BodyCodec() {}

    /** @throws MambaException MESSAGE_FORMAT for a value of another type */
    public static byte[] encodeMap(Map<String, ? extends @Nullable Object> map) {
        Writer writer = new Writer(MAP);
        writer.varint(map.size());
        map.forEach((name, value) -> {
            writer.lengthAnd(Utf8.encode(name));
            writer.value(value);
        });
        return writer.toBytes();
    }

    /** @throws MambaException MESSAGE_FORMAT for a value of another type */
    public static byte[] encodeStream(List<? extends @Nullable Object> values) {
        Writer writer = new Writer(STREAM);
        writer.varint(values.size());
        for (Object value : values) {
            writer.value(value);
        }
        return writer.toBytes();
    }

    /**
     * The entries in the order they were written; the map is the caller's to change.
     *
     * @throws MambaException CORRUPT
     */
    public static Map<String, @Nullable Object> decodeMap(byte[] bytes) {
        Reader reader = new Reader(bytes, MAP);
        int count = reader.count(2);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = reader.string();
            if (map.containsKey(name)) {
                throw reader.damaged("a name that was not there before");
            }
            map.put(name, reader.value());
        }
        reader.end();
        return map;
    }

    /**
     * The values in order; the list is the caller's to change.
     *
     * @throws MambaException CORRUPT
     */
    public static List<@Nullable Object> decodeStream(byte[] bytes) {
        Reader reader = new Reader(bytes, STREAM);
        int count = reader.count(1);
        List<@Nullable Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(reader.value());
        }
        reader.end();
        return values;
    }

    private static final class Writer {
        private byte[] bytes = new byte[64];
        private int length;

        Writer(byte kind) {
            octet(kind);
            octet(VERSION);
        }

        void value(@Nullable Object value) {
            if (value == null) {
                octet(NULL);
            } else if (value instanceof String text) {
                octet(STRING);
                lengthAnd(Utf8.encode(text));
            } else if (value instanceof Integer number) {
                octet(INTEGER);
                varint(zigzag(number));
            } else if (value instanceof Long number) {
                octet(LONG);
                varint(zigzag(number));
            } else if (value instanceof Boolean bool) {
                octet(bool ? TRUE : FALSE);
            } else if (value instanceof Double number) {
                octet(DOUBLE);
                bigEndian(Double.doubleToRawLongBits(number), 8);
            } else if (value instanceof byte[] array) {
                octet(BYTES);
                lengthAnd(array);
            } else if (value instanceof Float number) {
                octet(FLOAT);
                bigEndian(Float.floatToRawIntBits(number), 4);
            } else if (value instanceof Short number) {
                octet(SHORT);
                bigEndian(number, 2);
            } else if (value instanceof Byte number) {
                octet(BYTE);
                octet(number);
            } else if (value instanceof Character character) {
                octet(CHARACTER);
                bigEndian(character, 2);
            } else {
                throw new MambaException(
                        ErrorCode.MESSAGE_FORMAT,
                        "A " + value.getClass().getName() + " cannot stand in a map or stream message: expected a boxed"
                                + " primitive, a String or a byte[].");
            }
        }

        private static long zigzag(long value) {
            return (value << 1) ^ (value >> 63);
        }

        void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                octet((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            octet((int) rest);
        }

        void lengthAnd(byte[] content) {
            varint(content.length);
            reserve(content.length);
            System.arraycopy(content, 0, bytes, length, content.length);
            length += content.length;
        }

        private void bigEndian(long value, int octets) {
            for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                octet((int) (value >>> shift));
            }
        }

        private void octet(int value) {
            reserve(1);
            bytes[length++] = (byte) value;
        }

        private void reserve(int more) {
            if (more > bytes.length - length) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
            }
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes, byte kind) {
            this.bytes = bytes;
            if (octet() != kind) {
                throw damaged(kind == MAP ? "a map" : "a stream");
            }
            if (octet() != VERSION) {
                throw damaged("format version 1");
            }
        }

        @Nullable
        Object value() {
            int tag = octet();
            return switch (tag) {
                case NULL -> null;
                case FALSE -> false;
                case TRUE -> true;
                case BYTE -> (byte) octet();
                case SHORT -> (short) bigEndian(2);
                case CHARACTER -> (char) bigEndian(2);
                case INTEGER -> integer();
                case LONG -> unzigzag(varint());
                case FLOAT -> Float.intBitsToFloat((int) bigEndian(4));
                case DOUBLE -> Double.longBitsToDouble(bigEndian(8));
                case STRING -> string();
                case BYTES -> content();
                default -> throw damaged("the type of a value");
            };
        }

        String string() {
            String text = Utf8.decodeStrictly(content());
            if (text == null) {
                throw damaged("UTF-8");
            }
            return text;
        }

        /** How many elements follow, of which each takes at least so many bytes: a lie must not cost memory. */
        int count(int leastBytes) {
            long count = varint();
            if (count < 0 || count > (bytes.length - position) / leastBytes) {
                throw damaged("a count of what follows");
            }
            return (int) count;
        }

        private byte[] content() {
            int length = count(1);
            byte[] content = Arrays.copyOfRange(bytes, position, position + length);
            position += length;
            return content;
        }

        private int integer() {
            long value = unzigzag(varint());
            if (value != (int) value) {
                throw damaged("an integer of 32 bits");
            }
            return (int) value;
        }

        private static long unzigzag(long value) {
            return (value >>> 1) ^ -(value & 1);
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int octet = octet();
                value |= (octet & 0x7FL) << shift;
                if (octet < 0x80) {
                    if (shift == 63 && octet > 1) {
                        break;
                    }
                    return value;
                }
            }
            throw damaged("a number of at most 64 bits");
        }

        private long bigEndian(int octets) {
            long value = 0;
            for (int i = 0; i < octets; i++) {
                value = (value << 8) | octet();
            }
            return value;
        }

        private int octet() {
            if (position == bytes.length) {
                throw damaged("more bytes");
            }
            return bytes[position++] & 0xFF;
        }

        void end() {
            if (position != bytes.length) {
                throw damaged("the end");
            }
        }

        MambaException damaged(String expected) {
            return new MambaException(
                    ErrorCode.CORRUPT,
                    "The body of a map or stream message is damaged: expected " + expected + " before byte " + position
                            + " of " + bytes.length + ".");
        }
    }
}
