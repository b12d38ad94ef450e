package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.MembershipListener;

/** The members of the log's group. Not there yet: nobody can join. */
final class GroupMembers implements Members {
    GroupMembers(Engine engine, Fences fences) {}

    @Override
    public Member join(String member, MembershipListener listener) {
        throw new MambaException(
                ErrorCode.NOT_SUPPORTED,
                "Taking part in a Kafka cluster is not there yet; nobody can join as " + member);
    }
}
