package io.mamba.log;

/**
 * What an engine has asked of its disk, or of its cluster, since it was opened.
 *
 * @param forces how often it waited for data to become durable (fsync and fdatasync); 0 for an engine without a disk of
 *     its own
 * @param bytesWritten how many bytes it handed to the operating system, those that fill files ahead included
 * @param transactions how many transactions of the cluster it has committed; 0 for an engine without a cluster
 */
public record LogStatistics(long forces, long bytesWritten, long transactions) {}
