package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import java.util.EnumSet;
import java.util.Set;

/** What a connection and all that comes from it may not do, and why. Immutable. */
public record Permissions(Set<Permission> forbidden, String where) {
    /** Java SE: nothing is forbidden. */
    public static final Permissions ALL = new Permissions(Set.of(), "here");
    /** The web and EJB containers of Jakarta EE. */
    public static final Permissions CONTAINER = new Permissions(
            EnumSet.of(
                    Permission.MESSAGE_LISTENER,
                    Permission.EXCEPTION_LISTENER,
                    Permission.SET_CLIENT_ID,
                    Permission.STOP,
                    Permission.CONNECTION_CONSUMER,
                    Permission.SUBSCRIPTION_CONNECTION_CONSUMER,
                    Permission.SEVERAL_SESSIONS,
                    Permission.ASYNC_SEND),
            "in a web or EJB container");

    static final Permissions QUEUE_DOMAIN = new Permissions(
            EnumSet.of(Permission.TOPICS, Permission.SUBSCRIPTION_CONNECTION_CONSUMER),
            "in a queue connection or session");
    static final Permissions TOPIC_DOMAIN =
            new Permissions(EnumSet.of(Permission.QUEUES), "in a topic connection or session");

    public Permissions {
        forbidden = Set.copyOf(forbidden);
    }

    /** IllegalStateException if it is forbidden. */
    void check(Permission permission) throws JMSException {
        if (forbidden.contains(permission)) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "Not allowed " + where + ": " + permission.what() + ".");
        }
    }

    /** Both restrictions. */
    public Permissions and(Permissions other) {
        if (other.forbidden.isEmpty()) {
            return this;
        }
        if (forbidden.isEmpty()) {
            return other;
        }
        EnumSet<Permission> both = EnumSet.copyOf(forbidden);
        both.addAll(other.forbidden);
        return new Permissions(both, where + ", " + other.where);
    }
}
