package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.log.Partition;
import java.nio.ByteBuffer;
import java.util.Collection;

/** The meaning of partitions' numbers, at the beginning of the first frame that uses them. */
final class Definitions {
    private Definitions() {}

    static long bound(Collection<PartitionState> states) {
        long bound = 5;
        for (PartitionState state : states) {
            bound += 15 + state.partition.topic().length() * 3L;
        }
        return bound;
    }

    static void put(ByteBuffer out, Collection<PartitionState> states) {
        Varint.put(out, states.size());
        for (PartitionState state : states) {
            byte[] topic = state.partition.topic().getBytes(UTF_8);
            Varint.put(out, state.id);
            Varint.put(out, state.partition.number());
            Varint.put(out, topic.length);
            out.put(topic);
        }
    }

    static void get(ByteBuffer in, PartitionTable partitions) {
        int count = Varint.get(in);
        for (int i = 0; i < count; i++) {
            int id = Varint.get(in);
            int number = Varint.get(in);
            byte[] topic = new byte[Varint.get(in)];
            in.get(topic);
            partitions.define(id, new Partition(new String(topic, UTF_8), number));
        }
    }

    static void skip(ByteBuffer in) {
        int count = Varint.get(in);
        for (int i = 0; i < count; i++) {
            Varint.get(in);
            Varint.get(in);
            int length = Varint.get(in);
            in.position(in.position() + length);
        }
    }
}
