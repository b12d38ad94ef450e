package io.mamba.failures;

/** What fails. */
enum Failure {
    /** The broker that leads the events of all queues. */
    LEADER_KILLED,
    /** The broker that coordinates the transactions in which one of the JVMs prepares and decides. */
    COORDINATOR_KILLED,
    CONTROLLER_KILLED,
    /** The one that leads the events and another: nothing can be written until one is back. */
    TWO_BROKERS_KILLED,
    ROLLING_RESTART,
    /** A JVM whose transactions, local and XA, have received and sent. */
    JVM_KILLED_OPEN,
    /** A JVM with prepared branches, decided and not; the two others finish them, both at once. */
    JVM_KILLED_PREPARED,
    /** A JVM with open transactions, by SIGSTOP; it goes on when others have passed on what it held, and tries to commit. */
    JVM_STOPPED,
    /** The same by its network. */
    JVM_CUT_OFF
}
