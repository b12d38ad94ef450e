package io.mamba.log.file;

import io.mamba.log.Partition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a checkpoint file: everything that opening needs to know of what lies before a position.
 *
 * @param position where the scan begins; everything before it is durable
 * @param sequence of the frame expected at the position
 */
record Checkpoint(long number, long position, long sequence, int epoch, byte[] body) {
    private static final int MAGIC = 0x4D43_4850;
    private static final String PREFIX = "checkpoint-";
    private static final String SUFFIX = ".bin";

    static boolean isCheckpoint(String file) {
        return file.startsWith(PREFIX) && file.endsWith(SUFFIX);
    }

    static String fileName(long number) {
        return PREFIX + String.format("%016x", number) + SUFFIX;
    }

    static long numberOf(String file) {
        return Long.parseUnsignedLong(file.substring(PREFIX.length(), file.length() - SUFFIX.length()), 16);
    }

    /** Takes down the contents. Called with the journal's lock held. */
    static Checkpoint of(
            long number, long position, long sequence, int epoch, Contents contents, Collection<Segment> segments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(contents.holesBefore);
            Collection<PartitionState> states = contents.partitions.all();
            out.writeInt(states.size());
            for (PartitionState state : states) {
                putPartition(out, state);
            }
            out.writeInt(segments.size());
            for (Segment segment : segments) {
                putSegment(out, segment, contents);
            }
            out.writeInt(contents.moved.size());
            for (Map.Entry<Long, Contents.Moved> moved : contents.moved.entrySet()) {
                out.writeLong(moved.getKey());
                out.writeInt(moved.getValue().partitionId());
                out.writeLong(moved.getValue().at());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Checkpoint(number, position, sequence, epoch, bytes.toByteArray());
    }

    private static void putPartition(DataOutputStream out, PartitionState state) throws IOException {
        out.writeInt(state.id);
        out.writeUTF(state.partition.topic());
        out.writeInt(state.partition.number());
        out.writeBoolean(state.defined);
        out.writeLong(state.first);
        out.writeLong(state.end);
        out.writeLong(state.readFrom);
        Map<Key, Long> keys = state.keys == null ? Map.of() : state.keys;
        out.writeInt(keys.size());
        for (Map.Entry<Key, Long> key : keys.entrySet()) {
            out.writeInt(key.getKey().bytes.length);
            out.write(key.getKey().bytes);
            out.writeLong(key.getValue());
        }
    }

    /** Counts of keyed partitions are left out: they follow from the keys. */
    private static void putSegment(DataOutputStream out, Segment segment, Contents contents) throws IOException {
        out.writeLong(segment.base);
        out.writeInt(segment.pins.size());
        for (long base : segment.pins) {
            out.writeLong(base);
        }
        Map<Integer, Integer> live = new TreeMap<>();
        segment.live().forEach((id, counts) -> {
            PartitionState state = contents.partitions.byId(id);
            if (state != null && state.keys == null) {
                live.put(id, counts.old + counts.fresh);
            }
        });
        out.writeInt(live.size());
        for (Map.Entry<Integer, Integer> count : live.entrySet()) {
            out.writeInt(count.getKey());
            out.writeInt(count.getValue());
        }
    }

    /** The file's bytes. */
    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 + 8 + 8 + 8 + 4 + 4 + body.length);
        out.putInt(MAGIC).putInt(0).putLong(number).putLong(position).putLong(sequence);
        out.putInt(epoch).putInt(body.length).put(body);
        out.putInt(4, Frame.crc(out.array(), 8, out.capacity() - 8));
        return out.flip();
    }

    /** What the bytes say, or null if they do not begin with a whole checkpoint. */
    static @Nullable Checkpoint decode(ByteBuffer in) {
        if (in.remaining() < 40 || in.getInt(0) != MAGIC) {
            return null;
        }
        int length = in.getInt(36);
        if (length < 0 || length > in.remaining() - 40 || Frame.crc(in, 8, 32 + length) != in.getInt(4)) {
            return null;
        }
        byte[] body = new byte[length];
        in.get(40, body);
        return new Checkpoint(in.getLong(8), in.getLong(16), in.getLong(24), in.getInt(32), body);
    }

    /**
     * Puts the contents back.
     *
     * @param missing told of each segment that something in it was needed of and that is not there
     */
    void restore(Contents contents, SegmentStore segments, LongConsumer missing) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        contents.holesBefore = in.readLong();
        int partitions = in.readInt();
        for (int i = 0; i < partitions; i++) {
            getPartition(in, contents);
        }
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            getSegment(in, segments, missing);
        }
        int moved = in.readInt();
        for (int i = 0; i < moved; i++) {
            contents.moved.put(in.readLong(), new Contents.Moved(in.readInt(), in.readLong()));
        }
        for (PartitionState state : contents.partitions.all()) {
            if (state.keys != null) {
                for (long at : state.keys.values()) {
                    Segment segment = segments.containing(contents.whereIs(state, at));
                    if (segment != null) {
                        segment.needed(state.id, false);
                    } else {
                        missing.accept(contents.whereIs(state, at));
                    }
                }
            }
        }
    }

    private static void getPartition(DataInputStream in, Contents contents) throws IOException {
        int id = in.readInt();
        PartitionState state = contents.partitions.define(id, new Partition(in.readUTF(), in.readInt()));
        state.defined = in.readBoolean();
        state.first = in.readLong();
        state.end = in.readLong();
        state.readFrom = in.readLong();
        int keys = in.readInt();
        for (int i = 0; i < keys; i++) {
            byte[] key = new byte[in.readInt()];
            in.readFully(key);
            long position = in.readLong();
            if (state.keys != null) {
                state.keys.put(new Key(key), position);
            }
        }
    }

    private static void getSegment(DataInputStream in, SegmentStore segments, LongConsumer missing) throws IOException {
        long base = in.readLong();
        Segment segment = segments.containing(base);
        int pins = in.readInt();
        for (int i = 0; i < pins; i++) {
            long pinned = in.readLong();
            if (segment != null) {
                segment.pins.add(pinned);
            }
        }
        int counts = in.readInt();
        for (int i = 0; i < counts; i++) {
            int id = in.readInt();
            int live = in.readInt();
            if (segment != null) {
                segment.live(id).old = live;
            } else if (live > 0) {
                missing.accept(base);
            }
        }
    }
}
