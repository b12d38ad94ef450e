package io.mamba.benchmark;

import jakarta.jms.JMSException;

/** Does work of some kinds on a Kafka cluster. Each place that it is given is new: a queue, or a topic, of its own. */
interface Contender extends AutoCloseable {
    /** Something that is repeated by one thread. */
    interface Operation extends AutoCloseable {
        /** @return false if there is nothing left to do */
        boolean once() throws Exception;

        @Override
        void close() throws JMSException;
    }

    /**
     * Makes the place, with messages of 1 KiB in it.
     *
     * @param threads how many will work there
     */
    void fill(String place, int threads, int count) throws Exception;

    /** Sends a message of 1 KiB that is acknowledged on return. */
    Operation sending(String place, int thread) throws Exception;

    /** Receives a message; that it did so is written by and by. */
    Operation receiving(String place, int thread) throws Exception;

    /** Receives a message; it comes again if the process dies before the next one is received. */
    Operation receivingOneByOne(String place, int thread) throws Exception;

    /** Receives a message and sends it on, in one transaction. */
    Operation passingOn(String place, int thread) throws Exception;

    /** How many transactions it has committed so far. */
    long transactions() throws Exception;

    @Override
    void close() throws JMSException;
}
