package io.mamba.queue;

/** So many messages of so many bytes together, as they are stored. */
public record Load(long messages, long bytes) {
    public static final Load NONE = new Load(0, 0);

    public Load plus(Load other) {
        return new Load(messages + other.messages, bytes + other.bytes);
    }

    public Load minus(Load other) {
        return new Load(messages - other.messages, bytes - other.bytes);
    }
}
