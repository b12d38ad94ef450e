package io.mamba.message;

/** The six message types of Jakarta Messaging (section 3.11 of its specification). */
public enum BodyType {
    /** No body at all. */
    MESSAGE,
    TEXT,
    BYTES,
    MAP,
    STREAM,
    OBJECT
}
