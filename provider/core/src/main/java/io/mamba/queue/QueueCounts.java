package io.mamba.queue;

/**
 * How many messages are in each state. {@code enqueued} is the sum of the others: the conservation law.
 *
 * @param available waiting, delayed and backing off included
 * @param acquired with a holder or being claimed for one, in this or another member of a shared log
 * @param scheduled those of the available ones that wait for a time
 */
public record QueueCounts(
        long enqueued,
        long available,
        long acquired,
        long committing,
        long prepared,
        long settled,
        long expired,
        long buried,
        long scheduled) {}
