package io.mamba.log.file;

import io.mamba.log.LogRecord;
import java.util.List;

/**
 * The content of a frame to append, encoded before it has a place.
 *
 * @param bytes of which the first {@code length} count
 * @param offsets where in it the records' positions are, in the batch's order
 */
record Payload(
        Frame.Kind kind,
        byte[] bytes,
        int start,
        int length,
        List<LogRecord> records,
        PartitionState[] states,
        int[] offsets) {
    private static final int[] NONE = {};
    private static final PartitionState[] NO_STATES = {};

    /** A frame that holds no records with positions of their own. */
    static Payload bare(Frame.Kind kind, byte[] bytes, int start, int length) {
        return new Payload(kind, bytes, start, length, List.of(), NO_STATES, NONE);
    }

    /** A frame of records that have their positions already. */
    static Payload copies(byte[] bytes, int length, int[] offsets) {
        return new Payload(Frame.Kind.RELOCATION, bytes, 0, length, List.of(), NO_STATES, offsets);
    }

    int crc() {
        return Frame.crc(bytes, start, length);
    }
}
