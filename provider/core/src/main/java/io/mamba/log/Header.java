package io.mamba.log;

/** A named value of a record. The array is not copied: neither side may change it. */
public record Header(String name, byte[] value) {}
