package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a batch into frames' payloads. Thread-safe.
 *
 * <pre>
 *   BATCH, RELOCATION: definitions, varint count of records, records
 *   COMMIT:            definitions, int piece size, long stream's length, int count of pieces, long position of each,
 *                      int offset of the entries, entries { int -1, int index, long offset in the stream }
 *   definitions:       varint count { varint number, varint partition within its topic, varint length, topic }
 * </pre>
 */
final class BatchEncoder {
    /** The bytes of a commit's entry; its record's position is where it begins. */
    static final int ENTRY = 16;

    /** A larger batch is written in pieces. */
    private static final int LARGEST_WHOLE = 256 << 10;
    /** What others wait for at most, besides what they wrote themselves, while a large batch is being written. */
    private static final int PIECE = 64 << 10;

    private final PartitionTable partitions;
    private final int wholeBytes;
    private final int pieceBytes;
    private final int largestFrame;

    BatchEncoder(PartitionTable partitions, int segmentBytes) {
        this.partitions = partitions;
        this.wholeBytes = Math.min(LARGEST_WHOLE, segmentBytes / 8);
        this.pieceBytes = Math.min(PIECE, segmentBytes / 8);
        this.largestFrame = segmentBytes - 2 * Frame.HEADER;
    }

    int pieceBytes() {
        return pieceBytes;
    }

    PartitionState[] states(List<LogRecord> records) {
        PartitionState[] states = new PartitionState[records.size()];
        for (int i = 0; i < states.length; i++) {
            LogRecord record = records.get(i);
            states[i] = partitions.named(record.partition());
            if (record.key() == null && states[i].keys != null) {
                throw new MambaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Expected a key in a record of " + record.partition() + ", but there is none");
            }
        }
        return states;
    }

    /** How many bytes the records take at most. */
    static long bound(List<LogRecord> records) {
        long bound = 0;
        for (LogRecord record : records) {
            bound += RecordCodec.bound(record);
        }
        return bound;
    }

    /** Whether the batch fits one frame. */
    boolean fits(long bound) {
        return bound <= wholeBytes;
    }

    Payload batch(List<LogRecord> records, PartitionState[] states, long bound) {
        return encode(Frame.Kind.BATCH, records, states, bound, null);
    }

    /** @param from the positions at which the records stay known */
    Payload relocation(List<LogRecord> records, PartitionState[] states, long[] from) {
        Payload encoded = encode(Frame.Kind.RELOCATION, records, states, bound(records), from);
        // No record gets a position by it, and nobody is to be told of it.
        return Payload.copies(encoded.bytes(), encoded.length(), encoded.offsets());
    }

    private static Payload encode(
            Frame.Kind kind,
            List<LogRecord> records,
            PartitionState[] states,
            long bound,
            long @Nullable [] relocatedFrom) {
        Set<PartitionState> undefined = undefined(states);
        byte[] bytes = new byte[Math.toIntExact(bound + 10 + Definitions.bound(undefined))];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        Definitions.put(out, undefined);
        Varint.put(out, records.size());
        int[] offsets = new int[states.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = out.position();
            RecordCodec.put(out, records.get(i), states[i].id, relocatedFrom == null ? -1 : relocatedFrom[i]);
        }
        return new Payload(kind, bytes, 0, out.position(), records, states, offsets);
    }

    /** The records of a large batch behind each other. */
    Stream stream(List<LogRecord> records, PartitionState[] states, long bound) {
        checkSize(bound);
        byte[] bytes = new byte[(int) bound];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        int[] offsets = new int[states.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = out.position();
            RecordCodec.put(out, records.get(i), states[i].id, -1);
        }
        return new Stream(bytes, out.position(), offsets);
    }

    /** Refuses what does not fit an array. */
    void checkSize(long bound) {
        if (bound > Integer.MAX_VALUE - 64) {
            throw tooLarge(bound);
        }
    }

    record Stream(byte[] bytes, int length, int[] offsets) {}

    /** What gives effect to the pieces of a stream. */
    Payload commit(List<LogRecord> records, PartitionState[] states, Stream stream, long[] pieces) {
        Set<PartitionState> undefined = undefined(states);
        long bound = Definitions.bound(undefined) + 20 + 8L * pieces.length + (long) ENTRY * states.length;
        checkFits(states.length, pieces.length);
        byte[] bytes = new byte[(int) bound];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        Definitions.put(out, undefined);
        out.putInt(pieceBytes).putLong(stream.length()).putInt(pieces.length);
        for (long piece : pieces) {
            out.putLong(piece);
        }
        out.putInt(out.position() + 4);
        int[] offsets = new int[states.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = out.position();
            out.putInt(-1).putInt(i).putLong(stream.offsets()[i]);
        }
        return new Payload(Frame.Kind.COMMIT, bytes, 0, out.position(), records, states, offsets);
    }

    /** Refuses a batch whose final frame would not fit a segment, before anything is written. */
    void checkFits(int records, int pieces) {
        long bound = 20 + 8L * pieces + (long) ENTRY * records + 1024L;
        if (bound > largestFrame) {
            throw tooLarge(bound);
        }
    }

    private MambaException tooLarge(long bytes) {
        return new MambaException(
                ErrorCode.RESOURCE_LIMIT,
                "A batch is too large for the journal (" + bytes + " bytes, segments have " + largestFrame
                        + "): send less in one transaction");
    }

    private static Set<PartitionState> undefined(PartitionState[] states) {
        Set<PartitionState> undefined = Set.of();
        for (PartitionState state : states) {
            if (!state.defined) {
                if (undefined.isEmpty()) {
                    undefined = new LinkedHashSet<>();
                }
                undefined.add(state);
            }
        }
        return undefined;
    }
}
