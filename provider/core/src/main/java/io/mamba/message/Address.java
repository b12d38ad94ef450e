package io.mamba.message;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import java.util.Optional;

/**
 * The identity of a destination. {@link #toString()} is the form that {@link #parse} reads: {@code queue://orders},
 * {@code topic://prices}, {@code temporary-queue://..}, {@code temporary-topic://..}. A queue and a topic of one name
 * are different destinations.
 */
public record Address(Kind kind, String name) implements Comparable<Address> {
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

    /**
     * Where the messages of all temporary destinations are; {@link MessageCodec#temporaryDestination} tells whose a record
     * is. Nothing of a temporary destination stays when it ends, not even the name of a partition.
     */
    public static final Partition TEMPORARY = new Partition("mamba.temporary", 0);

    public Address {
        if (name.isEmpty()) {
            throw new MambaException(ErrorCode.INVALID_DESTINATION, "A destination needs a name that is not empty.");
        }
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

    /** The queue or topic whose messages a partition holds; empty for Mamba's own partitions and for foreign ones. */
    public static Optional<Address> of(Partition partition) {
        for (Kind kind : new Kind[] {Kind.QUEUE, Kind.TOPIC}) {
            String start = kind.scheme + ".";
            if (partition.topic().startsWith(start) && partition.topic().length() > start.length()) {
                return Optional.of(new Address(kind, partition.topic().substring(start.length())));
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
        return kind.isTemporary() ? temporaryOf(member()) : new Partition(kind.scheme + "." + name, 0);
    }

    @Override
    public int compareTo(Address other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return kind.scheme + "://" + name;
    }
}
