package io.mamba.benchmark;

/**
 * What one contender did of a case.
 *
 * @param perSecond operations
 * @param p50 microseconds
 * @param p99 microseconds
 * @param transactions of the cluster per operation
 * @param cpu microseconds of this process per operation, whatever the machine does besides
 */
record KafkaFigures(double perSecond, double p50, double p99, double transactions, double cpu) {}
