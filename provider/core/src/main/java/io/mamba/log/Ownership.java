package io.mamba.log;

/**
 * The right to decide about something (a partition's lanes, a node's branches), under an epoch: a later owner has a
 * higher one, and a batch that relies on an earlier one is refused.
 */
public record Ownership(String name, long epoch) {}
