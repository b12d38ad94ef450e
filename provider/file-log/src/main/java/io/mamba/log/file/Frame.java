package io.mamba.log.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of a frame: the journal's unit of writing and checking.
 *
 * <pre>
 *    0 int  magic             24 long synced: everything before it was known durable when this was written
 *    4 int  CRC32C of 8..47   32 int  length of the payload
 *    8 long position          36 int  CRC32C of the payload
 *   16 long sequence          40 int  epoch; 44 byte kind; 45 byte version; 46 short 0
 * </pre>
 */
record Frame(Kind kind, int epoch, long position, long sequence, long synced, int length, int payloadCrc) {
    static final int HEADER = 48;
    static final int MAGIC = 0x4D41_4D42;
    static final int VERSION = 1;

    /** What a frame is for. The codes are in the format. */
    enum Kind {
        /** A whole batch. */
        BATCH(1),
        /** A stretch of a large batch, without effect by itself. */
        PIECE(2),
        /** Gives effect to the pieces it names. */
        COMMIT(3),
        /** Nothing but a header, to tell how far the journal is known durable. */
        MARK(4),
        /** The rest of the segment is unused; its payload is never written. */
        END(5),
        /** Records copied forward, under their old positions. */
        RELOCATION(6);

        private static final Kind[] ALL = values();
        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        static @Nullable Kind of(byte code) {
            for (Kind kind : ALL) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** How many bytes a frame with such a payload takes, aligned. */
    static int span(int length) {
        return (HEADER + length + 7) & ~7;
    }

    long end() {
        return position + span(length);
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    static int crc(ByteBuffer buffer, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(at).limit(at + length));
        return (int) crc.getValue();
    }

    void put(ByteBuffer out) {
        int at = out.position();
        out.putInt(MAGIC).putInt(0).putLong(position).putLong(sequence).putLong(synced);
        out.putInt(length).putInt(payloadCrc).putInt(epoch);
        out.put(kind.code).put((byte) VERSION).putShort((short) 0);
        out.putInt(at + 4, crc(out, at + 8, HEADER - 8));
    }

    /** The header at this place in the buffer, or null if there is none of this journal position. */
    static @Nullable Frame parse(ByteBuffer in, int at, long position) {
        if (in.getInt(at) != MAGIC || in.getLong(at + 8) != position) {
            return null;
        }
        if (in.getInt(at + 4) != crc(in, at + 8, HEADER - 8)) {
            return null;
        }
        Kind kind = Kind.of(in.get(at + 44));
        int length = in.getInt(at + 32);
        if (kind == null || in.get(at + 45) != VERSION || length < 0) {
            return null;
        }
        return new Frame(
                kind,
                in.getInt(at + 40),
                position,
                in.getLong(at + 16),
                in.getLong(at + 24),
                length,
                in.getInt(at + 36));
    }
}
