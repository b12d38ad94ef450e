package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Gives the records of a frame one by one. */
final class FrameRecords {
    private FrameRecords() {}

    /** Sees a record: its place in the journal and its encoded body, valid during the call. */
    interface Visitor {
        void record(long at, ByteBuffer body) throws IOException;
    }

    /** Passes over a large batch whose pieces are gone, since nothing in it was needed. */
    static void visit(FrameCursor cursor, SegmentStore segments, Visitor visitor) throws IOException {
        Frame frame = cursor.frame();
        switch (frame.kind()) {
            case BATCH, RELOCATION -> {
                ByteBuffer payload = cursor.payload();
                Definitions.skip(payload);
                int count = Varint.get(payload);
                for (int i = 0; i < count; i++) {
                    int at = payload.position();
                    int length = payload.getInt();
                    int body = at + RecordCodec.PREFIX;
                    visitor.record(frame.position() + Frame.HEADER + at, payload.slice(body, length));
                    payload.position(body + length);
                }
            }
            case COMMIT -> {
                ByteBuffer payload = cursor.payload();
                PieceStream stream = PieceStream.parse(payload, segments).inOrder();
                if (!stream.isComplete()) {
                    return;
                }
                payload.getInt();
                while (payload.remaining() >= BatchEncoder.ENTRY) {
                    long at = frame.position() + Frame.HEADER + payload.position();
                    payload.getInt();
                    payload.getInt();
                    visitor.record(at, stream.body(payload.getLong()));
                }
            }
            case PIECE, MARK, END -> {}
        }
    }
}
