package io.mamba;

/**
 * What moving a subscription or replaying a queue came to.
 *
 * @param position from which on messages come (again)
 * @param complete false if older ones were asked for that are retained no more: then it starts with the first retained one
 * @param again how many messages that were done with wait again
 * @param skipped how many messages that waited were settled without delivery, because they lie before the position
 */
public record Replayed(long position, boolean complete, long again, long skipped) {}
