package io.mamba.log.kafka;

/** What the parts of the engine share. */
record Engine(KafkaLogOptions options, Clients clients, Topics topics, Records records, Readers readers, Tails tails) {}
