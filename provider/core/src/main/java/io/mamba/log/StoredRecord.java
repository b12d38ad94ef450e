package io.mamba.log;

/** A record in the log with the position it got there. */
public record StoredRecord(long position, LogRecord record) {}
