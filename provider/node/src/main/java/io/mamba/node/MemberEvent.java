package io.mamba.node;

/**
 * What the log's order says of members. A member is a node's part in a shared log; its number tells its events from those of
 * all others, before it and after it.
 */
sealed interface MemberEvent {
    /**
     * A node takes part; the number is the record's position and one.
     *
     * @param member the engine's name for its part
     * @param node the node's name
     */
    record Joined(String member, String node) implements MemberEvent {}

    /** It does not any more: what it writes behind this changes nothing. */
    record Gone(long number) implements MemberEvent {}

    /**
     * A member wants a name: a client id, a subscription that it receives from. It has it from here on unless the name is
     * another's, or unless either of them wants it for itself alone.
     */
    record Wanted(long number, String name, boolean alone) implements MemberEvent {}

    /** It does not any more. */
    record LetGo(long number, String name) implements MemberEvent {}
}
