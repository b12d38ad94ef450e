package io.mamba.log;

/**
 * What an engine has asked of its disk since it was opened.
 *
 * @param forces how often it waited for data to become durable (fsync and fdatasync); 0 for an engine without a disk of
 *     its own
 * @param bytesWritten how many bytes it handed to the operating system, those that fill files ahead included
 */
public record LogStatistics(long forces, long bytesWritten) {}
