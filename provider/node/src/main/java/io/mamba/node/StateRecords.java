package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueEventCodec;
import io.mamba.selector.Selector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of Mamba's own topics, as docs/log-format.md (section State) specifies them: events of lanes, destinations,
 * subscriptions, snapshots, branches.
 */
final class StateRecords {
    static final Partition EVENTS = new Partition("mamba.events", 0);
    static final Partition STATE = new Partition("mamba.state", 0);
    static final Partition BRANCHES = new Partition("mamba.branches", 0);

    private static final byte VERSION = 1;
    private static final String DESTINATION = "destination\n";
    private static final String FORMER = "former\n";
    private static final String SUBSCRIPTION = "subscription\n";
    /** What it has in another partition than the first; the number and the name follow. */
    private static final String SUBSCRIPTION_PART = "subscription-part\n";

    private static final String LANE = "lane\n";
    private static final String PIECE = "piece\n";
    private static final String RETAINED = "retained\n";
    /** Among the settings of a destination: the foreign topic that it is bound to. */
    private static final String TOPIC = "topic";
    /** Among them too: how many partitions it has, unless one. */
    private static final String COUNT = "count";

    private StateRecords() {}

    /** A durable subscription, or what it has in one partition of several. {@code foldFrom}, {@code eventsFrom}: what came before is not its own. */
    record SubscriptionRecord(
            String name,
            Address topic,
            boolean shared,
            @Nullable String selector,
            @Nullable String notOrigin,
            long foldFrom,
            long eventsFrom) {
        SubscriptionTerms terms() {
            return new SubscriptionTerms(false, Selector.parse(selector), notOrigin);
        }
    }

    /**
     * A lane's snapshot: the pieces of one generation, put together.
     *
     * @param taken what all its pieces say
     * @param pieces how many there are
     * @param foldFrom data records before it are in the snapshot, those behind it are not, except {@code ahead}
     * @param eventsFrom events before it are in the snapshot
     */
    record SnapshotHead(
            LaneId lane, int generation, long taken, int pieces, long foldFrom, long eventsFrom, long[] ahead) {}

    /** One piece of a lane's snapshot, without effect until there is a head that counts it in. */
    record SnapshotPiece(LaneId lane, int generation, int index, long taken, byte[] bytes) {}

    /** Data records and events before these positions belong to a destination of the same name that was deleted. */
    record Fences(long foldFrom, long eventsFrom) {
        static final Fences NONE = new Fences(0, 0);
    }

    /** A prepared branch. */
    record BranchRecord(String branch, String node, long preparedAt, List<LaneId> lanes, List<LogRecord> sends) {}

    /** What a record of mamba.state says. */
    interface StateReader {
        void destination(Address address, DestinationSettings settings);

        void former(Address address, Fences fences);

        void subscription(SubscriptionRecord subscription);

        void snapshot(SnapshotHead head);

        void piece(SnapshotPiece piece);

        void retained(Address address, Retained.State state);

        /** The destination that is told of next is bound to this foreign topic. */
        default void bound(Address address, String topic) {}

        /** The destination that is told of next has so many partitions. */
        default void partitions(Address address, int count) {}

        default void members(Members.Table table) {}

        default void destinationGone(Address address) {}

        default void subscriptionGone(String name) {}
    }

    /** @param member who writes them to a shared log; 0 in a log of one node */
    static LogRecord events(LaneId lane, long member, List<QueueEvent> events, long now) {
        return new LogRecord(
                EVENTS, laneKey(lane).getBytes(UTF_8), List.of(), QueueEventCodec.encode(member, events), now);
    }

    /** The text by which a lane is named in the log. */
    static String laneKey(LaneId lane) {
        return lane.destination() + "\n" + lane.subscription();
    }

    static String laneKeyOf(LogRecord record) {
        return new String(present(record.key(), record), UTF_8);
    }

    static List<QueueEvent> eventsOf(LogRecord record) {
        return written(record).events();
    }

    /** Events with who wrote them. */
    static QueueEventCodec.Written written(LogRecord record) {
        return QueueEventCodec.decode(present(record.value(), record));
    }

    /** @param topic the foreign topic that it is bound to; null for its own */
    static LogRecord destination(
            Address address, DestinationSettings settings, @Nullable String topic, int partitions, long now) {
        return keyed(
                STATE,
                DESTINATION + address,
                write(out -> {
                    if (topic != null) {
                        out.writeUTF(TOPIC);
                        out.writeUTF(topic);
                    }
                    if (partitions > 1) {
                        out.writeUTF(COUNT);
                        out.writeUTF(Integer.toString(partitions));
                    }
                    for (Map.Entry<String, String> setting : settings.values().entrySet()) {
                        out.writeUTF(setting.getKey());
                        out.writeUTF(setting.getValue());
                    }
                }),
                now);
    }

    /** The destination was deleted; it may have come into being again behind the fences. */
    static LogRecord former(Address address, Fences fences, long now) {
        return keyed(
                STATE,
                FORMER + address,
                write(out -> {
                    out.writeLong(fences.foldFrom());
                    out.writeLong(fences.eventsFrom());
                }),
                now);
    }

    static LogRecord subscription(SubscriptionRecord subscription, long now) {
        return keyed(
                STATE,
                subscriptionKey(subscription.name(), subscription.topic().part()),
                write(out -> {
                    out.writeUTF(subscription.topic().toString());
                    out.writeBoolean(subscription.shared());
                    text(out, subscription.selector());
                    text(out, subscription.notOrigin());
                    out.writeLong(subscription.foldFrom());
                    out.writeLong(subscription.eventsFrom());
                }),
                now);
    }

    static LogRecord destinationGone(Address address, long now) {
        return keyed(STATE, DESTINATION + address, null, now);
    }

    static LogRecord subscriptionGone(String name, int part, long now) {
        return keyed(STATE, subscriptionKey(name, part), null, now);
    }

    private static String subscriptionKey(String name, int part) {
        return part == 0 ? SUBSCRIPTION + name : SUBSCRIPTION_PART + part + "\n" + name;
    }

    /** The subscription's name of such a key; null if it is another's. */
    private static @Nullable String subscriptionOf(String key) {
        if (key.startsWith(SUBSCRIPTION_PART)) {
            return key.substring(key.indexOf('\n', SUBSCRIPTION_PART.length()) + 1);
        }
        return key.startsWith(SUBSCRIPTION) ? key.substring(SUBSCRIPTION.length()) : null;
    }

    static LogRecord snapshot(SnapshotHead head, long now) {
        return keyed(
                STATE,
                LANE + laneKey(head.lane()),
                write(out -> {
                    lane(out, head.lane());
                    out.writeInt(head.generation());
                    out.writeLong(head.taken());
                    out.writeInt(head.pieces());
                    out.writeLong(head.foldFrom());
                    out.writeLong(head.eventsFrom());
                    out.writeInt(head.ahead().length);
                    for (long position : head.ahead()) {
                        out.writeLong(position);
                    }
                }),
                now);
    }

    static LogRecord piece(SnapshotPiece piece, long now) {
        return keyed(
                STATE,
                pieceKey(piece.lane(), piece.generation(), piece.index()),
                write(out -> {
                    lane(out, piece.lane());
                    out.writeInt(piece.generation());
                    out.writeInt(piece.index());
                    out.writeLong(piece.taken());
                    bytes(out, piece.bytes());
                }),
                now);
    }

    static LogRecord snapshotGone(LaneId lane, long now) {
        return keyed(STATE, LANE + laneKey(lane), null, now);
    }

    static LogRecord pieceGone(LaneId lane, int generation, int index, long now) {
        return keyed(STATE, pieceKey(lane, generation, index), null, now);
    }

    static LogRecord retained(Address address, Retained.State state, long now) {
        return keyed(
                STATE,
                RETAINED + address,
                write(out -> {
                    out.writeLong(state.from());
                    out.writeLong(state.goneUntil());
                    out.writeLong(state.seen());
                    out.writeInt(state.blocks().size());
                    for (Retained.Block block : state.blocks()) {
                        out.writeLong(block.first());
                        out.writeLong(block.end());
                        out.writeLong(block.bytes());
                        out.writeLong(block.oldest());
                        out.writeLong(block.newest());
                    }
                }),
                now);
    }

    static LogRecord retainedGone(Address address, long now) {
        return keyed(STATE, RETAINED + address, null, now);
    }

    private static Retained.State retained(DataInputStream in) throws IOException {
        long from = in.readLong();
        long goneUntil = in.readLong();
        long seen = in.readLong();
        List<Retained.Block> blocks = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            blocks.add(new Retained.Block(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()));
        }
        return new Retained.State(from, goneUntil, seen, blocks);
    }

    static void readState(LogRecord record, StateReader reader) {
        String key = laneKeyOf(record);
        if (MemberRecords.is(record)) {
            reader.members(MemberRecords.tableOf(record));
            return;
        }
        if (record.value() == null) {
            if (key.startsWith(DESTINATION)) {
                reader.destinationGone(Address.parse(key.substring(DESTINATION.length())));
            } else if (key.startsWith(SUBSCRIPTION)) {
                reader.subscriptionGone(key.substring(SUBSCRIPTION.length()));
            }
            return;
        }
        String subscription = subscriptionOf(key);
        read(record, in -> {
            if (key.startsWith(DESTINATION)) {
                Map<String, String> settings = new LinkedHashMap<>();
                while (in.available() > 0) {
                    settings.put(in.readUTF(), in.readUTF());
                }
                Address address = Address.parse(key.substring(DESTINATION.length()));
                String topic = settings.remove(TOPIC);
                if (topic != null) {
                    reader.bound(address, topic);
                }
                String count = settings.remove(COUNT);
                if (count != null) {
                    reader.partitions(address, Integer.parseInt(count));
                }
                reader.destination(address, new DestinationSettings(settings));
            } else if (key.startsWith(FORMER)) {
                reader.former(Address.ofLog(key.substring(FORMER.length())), new Fences(in.readLong(), in.readLong()));
            } else if (subscription != null) {
                reader.subscription(new SubscriptionRecord(
                        subscription,
                        Address.ofLog(in.readUTF()),
                        in.readBoolean(),
                        text(in),
                        text(in),
                        in.readLong(),
                        in.readLong()));
            } else if (key.startsWith(LANE)) {
                reader.snapshot(new SnapshotHead(
                        lane(in), in.readInt(), in.readLong(), in.readInt(), in.readLong(), in.readLong(), longs(in)));
            } else if (key.startsWith(PIECE)) {
                reader.piece(new SnapshotPiece(lane(in), in.readInt(), in.readInt(), in.readLong(), bytes(in)));
            } else if (key.startsWith(RETAINED)) {
                reader.retained(Address.ofLog(key.substring(RETAINED.length())), retained(in));
            } else {
                throw new IOException("unknown key '" + key + "'");
            }
            return key;
        });
    }

    static LogRecord branch(BranchRecord branch, long now) {
        return keyed(
                BRANCHES,
                branch.branch(),
                write(out -> {
                    out.writeUTF(branch.node());
                    out.writeLong(branch.preparedAt());
                    out.writeInt(branch.lanes().size());
                    for (LaneId lane : branch.lanes()) {
                        lane(out, lane);
                    }
                    out.writeInt(branch.sends().size());
                    for (LogRecord send : branch.sends()) {
                        record(out, send);
                    }
                }),
                now);
    }

    static LogRecord branchGone(String branch, long now) {
        return keyed(BRANCHES, branch, null, now);
    }

    /** Says nothing: when the log has it, it has all that this node wrote about branches before, or never will. */
    static LogRecord branchesSoFar(String node, long now) {
        return keyed(BRANCHES, "so far\n" + node, null, now);
    }

    static BranchRecord branchOf(LogRecord record) {
        String branch = laneKeyOf(record);
        return read(record, in -> {
            String node = in.readUTF();
            long preparedAt = in.readLong();
            List<LaneId> lanes = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                lanes.add(lane(in));
            }
            List<LogRecord> sends = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                sends.add(record(in));
            }
            return new BranchRecord(branch, node, preparedAt, lanes, sends);
        });
    }

    private static String pieceKey(LaneId lane, int generation, int index) {
        return PIECE + laneKey(lane) + "\n" + generation + "\n" + index;
    }

    private static LogRecord keyed(Partition partition, String key, byte @Nullable [] value, long now) {
        return new LogRecord(partition, key.getBytes(UTF_8), List.of(), value, now);
    }

    private static void lane(DataOutputStream out, LaneId lane) throws IOException {
        out.writeUTF(lane.destination().toString());
        out.writeUTF(lane.subscription());
    }

    private static LaneId lane(DataInputStream in) throws IOException {
        return new LaneId(Address.ofLog(in.readUTF()), in.readUTF());
    }

    private static void record(DataOutputStream out, LogRecord record) throws IOException {
        out.writeUTF(record.partition().topic());
        out.writeInt(record.partition().number());
        out.writeLong(record.timestamp());
        bytes(out, record.key());
        bytes(out, record.value());
        out.writeInt(record.headers().size());
        for (Header header : record.headers()) {
            out.writeUTF(header.name());
            bytes(out, header.value());
        }
    }

    private static LogRecord record(DataInputStream in) throws IOException {
        Partition partition = new Partition(in.readUTF(), in.readInt());
        long timestamp = in.readLong();
        byte[] key = nullableBytes(in);
        byte[] value = nullableBytes(in);
        List<Header> headers = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            String name = in.readUTF();
            headers.add(new Header(name, nullableBytes(in)));
        }
        return new LogRecord(partition, key, headers, value, timestamp);
    }

    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] write(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writer.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static <T> T read(LogRecord record, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(present(record.value(), record)))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new IOException("version " + version + ", this Mamba knows " + VERSION);
            }
            return reader.read(in);
        } catch (IOException | RuntimeException damage) {
            throw new MambaException(
                    ErrorCode.CORRUPT,
                    "A record of " + record.partition() + " cannot be read: " + damage.getMessage()
                            + ". The directory may have been written by a newer Mamba or be damaged.",
                    damage);
        }
    }

    private static byte[] present(byte @Nullable [] bytes, LogRecord record) {
        if (bytes == null) {
            throw new MambaException(
                    ErrorCode.CORRUPT, "A record of " + record.partition() + " lacks its key or value.");
        }
        return bytes;
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        bytes(out, text == null ? null : text.getBytes(UTF_8));
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        byte[] bytes = nullableBytes(in);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private static void bytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] nullableBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("it ends early");
        }
        return bytes;
    }

    private static long[] longs(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / Long.BYTES) {
            throw new IOException("it ends early");
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = nullableBytes(in);
        if (bytes == null) {
            throw new IOException("bytes are missing");
        }
        return bytes;
    }
}
