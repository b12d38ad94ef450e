package io.mamba.log.kafka;

import io.mamba.log.MembershipListener;

/**
 * Members of a log as those of one classic group: the group's leader is the keeper, and the coordinator notices who is not
 * heard of. The group reads nothing. It needs some topic to subscribe to: that of the ownerships, which is of the
 * engine's own.
 */
final class GroupMembers implements Members {
    private final Engine engine;
    private final Fences fences;

    GroupMembers(Engine engine, Fences fences) {
        this.engine = engine;
        this.fences = fences;
    }

    @Override
    public Member join(String member, MembershipListener listener) {
        engine.topics().ensure(Owners.RECORDS);
        GroupMember joining = new GroupMember(engine, fences, member, listener);
        joining.begin();
        return joining;
    }
}
