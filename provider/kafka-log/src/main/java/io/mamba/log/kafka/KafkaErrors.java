package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The one place where what Kafka's clients throw becomes a {@link MambaException}. */
final class KafkaErrors {
    private KafkaErrors() {}

    /** @param target the topic, group or partition, as a person knows it */
    static MambaException translate(Throwable thrown, Doing doing, String target) {
        Throwable cause = causeOf(thrown);
        if (cause instanceof MambaException known) {
            return known;
        }
        String what = "The Kafka cluster did not let this node " + doing.verb() + " '" + target + "'";
        if (isFence(cause)) {
            return new MambaException(
                    ErrorCode.FENCED,
                    "This node may not " + doing.verb() + " '" + target
                            + "' any more: another has fenced it, because it was taken for dead or its name was taken over.",
                    cause);
        }
        if (cause instanceof RecordTooLargeException) {
            return tooLarge(target, cause);
        }
        if (cause instanceof AuthenticationException) {
            return new MambaException(
                    ErrorCode.SECURITY,
                    "The Kafka cluster did not accept who this node says it is: " + cause.getMessage()
                            + ". Check kafka.security.protocol, kafka.sasl.* and kafka.ssl.* in the URL.",
                    cause);
        }
        if (cause instanceof AuthorizationException) {
            return new MambaException(
                    ErrorCode.SECURITY,
                    what + ": a right is missing, " + rights(cause, doing) + " (" + cause.getMessage() + ").",
                    cause);
        }
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof InvalidTopicException) {
            return new MambaException(ErrorCode.INVALID_DESTINATION, what + ": " + cause.getMessage(), cause);
        }
        if (cause instanceof PolicyViolationException) {
            return new MambaException(
                    ErrorCode.RESOURCE_LIMIT, what + ": a policy forbids it: " + cause.getMessage(), cause);
        }
        // Of their own, they throw the latter only for what they were configured with, such as a login.
        if (cause instanceof ConfigException || (cause instanceof IllegalArgumentException && isKafkas(thrown))) {
            return new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Kafka's clients refuse an option kafka.<property> of the URL: " + cause.getMessage(),
                    cause);
        }
        if (cause instanceof UnsupportedVersionException) {
            return new MambaException(
                    ErrorCode.NOT_SUPPORTED, what + ": it needs brokers of version 4.0 or newer: " + cause, cause);
        }
        if (cause instanceof KafkaException) {
            return new MambaException(ErrorCode.UNAVAILABLE, what + ": " + cause, cause);
        }
        return new MambaException(ErrorCode.INTERNAL, what + ", by a defect in Mamba: " + cause, cause);
    }

    static MambaException tooLarge(String target, Throwable cause) {
        return tooLarge(
                target, cause.getMessage() + ". Raise max.message.bytes of the topic or message.max.bytes", cause);
    }

    static MambaException tooLarge(String target, long size, long limit) {
        return tooLarge(
                target,
                "it takes up to " + size + " bytes and the limit is " + limit
                        + ", which is max.message.bytes of the topic or message.max.bytes",
                null);
    }

    private static MambaException tooLarge(
            String target, String detail, @org.jspecify.annotations.Nullable Throwable cause) {
        return new MambaException(
                ErrorCode.RESOURCE_LIMIT,
                "A message is too large for '" + target + "': " + detail + " of the Kafka brokers.",
                cause);
    }

    private static String rights(Throwable cause, Doing doing) {
        if (cause instanceof TransactionalIdAuthorizationException) {
            return "Write and Describe on the transactional ids that start with mamba.";
        }
        return cause instanceof GroupAuthorizationException ? Doing.JOIN.rights() : doing.rights();
    }

    /** What it is about, without what it was wrapped in on its way here. */
    static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause.getClass().equals(KafkaException.class))) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isKafkas(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof KafkaException) {
                return true;
            }
        }
        return false;
    }

    static boolean isFence(Throwable thrown) {
        Throwable cause = causeOf(thrown);
        return cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException;
    }

    /** Whether the same may work a moment later, and nothing is wrong with what was asked. */
    static boolean isPassing(Throwable thrown) {
        return causeOf(thrown) instanceof RetriableException;
    }

    /** Whether a record failed only because its transaction did. */
    static boolean isBystander(Throwable thrown) {
        return causeOf(thrown) instanceof TransactionAbortedException;
    }
}
