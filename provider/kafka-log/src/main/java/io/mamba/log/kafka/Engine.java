package io.mamba.log.kafka;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the parts of the engine share.
 *
 * @param transactions how many were committed
 */
record Engine(
        KafkaLogOptions options,
        Clients clients,
        Topics topics,
        Records records,
        Readers readers,
        Tails tails,
        LongAdder transactions) {}
