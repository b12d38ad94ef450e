package io.mamba.benchmark;

/** Something to measure: one subcommand, one table. */
interface Series {
    Table run(Options options) throws Exception;
}
