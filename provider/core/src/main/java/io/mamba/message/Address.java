package io.mamba.message;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import java.util.Optional;

/**
 * The identity of a destination. {@link #toString()} is the form that {@link #parse} reads: {@code queue://orders},
 * {@code topic://prices}, {@code temporary-queue://..}, {@code temporary-topic://..}. A queue and a topic of one name
 * are different destinations.
 *
 * <p>Inside the node, one with a {@code part} above 0 stands for what a destination has in that partition of its topic; its
 * text, {@code queue;2://orders}, is read by {@link #ofLog}. The address of part 0 is the destination's own.
 *
 * @param part the number of a partition, from 0; 0 for all temporary destinations
 */
public record Address(Kind kind, String name, int part) implements Comparable<Address> {
    /** What kind of destination it is. */
    public enum Kind {
        QUEUE("queue"),
        TOPIC("topic"),
        TEMPORARY_QUEUE("temporary-queue"),
        TEMPORARY_TOPIC("temporary-topic");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }

        public boolean isQueue() {
            return this == QUEUE || this == TEMPORARY_QUEUE;
        }

        public boolean isTemporary() {
            return this == TEMPORARY_QUEUE || this == TEMPORARY_TOPIC;
        }
    }

    /** Between the kind and the number of a part. */
    private static final String PART = ";";

    /**
     * Where the messages of all temporary destinations are; {@link MessageCodec#temporaryDestination} tells whose a record
     * is. Nothing of a temporary destination stays when it ends, not even the name of a partition.
     */
    public static final Partition TEMPORARY = new Partition("mamba.temporary", 0);

    public Address {
        if (name.isEmpty()) {
            throw new MambaException(ErrorCode.INVALID_DESTINATION, "A destination needs a name that is not empty.");
        }
        if (part < 0 || (part > 0 && kind.isTemporary())) {
            throw new IllegalArgumentException("No partition " + part + " of " + kind.scheme + "://" + name);
        }
    }

    /** A destination. */
    public Address(Kind kind, String name) {
        this(kind, name, 0);
    }

    public static Address queue(String name) {
        return new Address(Kind.QUEUE, name);
    }

    public static Address topic(String name) {
        return new Address(Kind.TOPIC, name);
    }

    /** Reads what {@link #toString()} wrote. */
    public static Address parse(String text) {
        for (Kind kind : Kind.values()) {
            String start = kind.scheme + "://";
            if (text.startsWith(start)) {
                return new Address(kind, text.substring(start.length()));
            }
        }
        throw new MambaException(
                ErrorCode.INVALID_DESTINATION,
                "'" + text + "' is not a destination: expected queue://<name> or topic://<name>.");
    }

    /** Reads what {@link #toString()} wrote, of a part too. */
    public static Address ofLog(String text) {
        int end = text.indexOf("://");
        int mark = text.indexOf(PART);
        if (mark < 0 || mark > end) {
            return parse(text);
        }
        try {
            return parse(text.substring(0, mark) + text.substring(end)).part(Integer.parseInt(text, mark + 1, end, 10));
        } catch (NumberFormatException other) {
            return parse(text); // which says what is expected
        }
    }

    /** The destination that this is a part of, or is. */
    public Address whole() {
        return part == 0 ? this : new Address(kind, name);
    }

    /** What the destination has in this partition of its topic. */
    public Address part(int number) {
        return number == part ? this : new Address(kind, name, number);
    }

    /**
     * The queue or topic whose messages a partition holds, or the part that it is; empty for Mamba's own partitions and for
     * foreign ones.
     */
    public static Optional<Address> of(Partition partition) {
        for (Kind kind : new Kind[] {Kind.QUEUE, Kind.TOPIC}) {
            String start = kind.scheme + ".";
            if (partition.topic().startsWith(start) && partition.topic().length() > start.length()) {
                return Optional.of(new Address(kind, partition.topic().substring(start.length()), partition.number()));
            }
        }
        return Optional.empty();
    }

    /** A temporary destination of a member of a shared log, whose number its name begins with. */
    public static Address temporary(Kind kind, long member, String name) {
        return new Address(kind, member + "/" + name);
    }

    /** The member of a shared log that a temporary destination belongs to; 0 in a log of one node. */
    public long member() {
        int slash = kind.isTemporary() ? name.indexOf('/') : -1;
        try {
            return slash <= 0 ? 0 : Long.parseLong(name.substring(0, slash));
        } catch (NumberFormatException other) {
            return 0;
        }
    }

    /** Where the messages of this member's temporary destinations are; 0 for the node of a log that has only one. */
    public static Partition temporaryOf(long member) {
        return member == 0 ? TEMPORARY : new Partition(TEMPORARY.topic() + "." + member, 0);
    }

    /** The partition that holds this destination's messages unless it is bound to another: its own, or {@link #temporaryOf}. */
    public Partition partition() {
        return kind.isTemporary() ? temporaryOf(member()) : new Partition(kind.scheme + "." + name, part);
    }

    /** As messages to people name it: {@code queue://orders}, or {@code queue://orders, partition 2} for a part. */
    public String inWords() {
        return part == 0 ? toString() : whole() + ", partition " + part;
    }

    @Override
    public int compareTo(Address other) {
        int byKind = kind.compareTo(other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : Integer.compare(part, other.part);
    }

    @Override
    public String toString() {
        return kind.scheme + (part == 0 ? "" : PART + part) + "://" + name;
    }
}
