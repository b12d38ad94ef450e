package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What a topic of the log is called in Kafka: a prefix, and each character that Kafka does not allow as {@code _xHHHH_}. An
 * underscore that would read as the beginning of such a one is written so too, so that every name can be read back. Topics of
 * other programs have the name that they have.
 */
record TopicNames(String prefix) {
    private static final String HEX = "0123456789ABCDEF";
    private static final String LEGAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    private static final int LONGEST = 249;
    private static final int ESCAPE_LENGTH = 7;

    String kafka(String topic) {
        if (topic.startsWith(Partition.FOREIGN)) {
            return topic.substring(Partition.FOREIGN.length());
        }
        StringBuilder name = new StringBuilder(prefix);
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (LEGAL.indexOf(c) >= 0 && !isEscape(topic, i)) {
                name.append(c);
            } else {
                name.append(String.format("_x%04X_", (int) c));
            }
        }
        if (name.length() > LONGEST) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    "'" + topic + "' needs a Kafka topic with a name of " + name.length() + " characters, but "
                            + LONGEST + " are allowed; use a shorter name.");
        }
        return name.toString();
    }

    /** Whether Kafka has topics of this name. */
    static boolean isLegal(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(c -> LEGAL.indexOf(c) >= 0);
    }

    TopicPartition kafka(Partition partition) {
        return new TopicPartition(kafka(partition.topic()), partition.number());
    }

    /** The topic of this log that has this name in Kafka; empty if it is none. */
    Optional<String> log(String kafka) {
        if (!kafka.startsWith(prefix)) {
            return Optional.empty();
        }
        StringBuilder topic = new StringBuilder();
        for (int i = prefix.length(); i < kafka.length(); i++) {
            if (isEscape(kafka, i)) {
                topic.append((char) Integer.parseInt(kafka.substring(i + 2, i + 6), 16));
                i += ESCAPE_LENGTH - 1;
            } else {
                topic.append(kafka.charAt(i));
            }
        }
        return Optional.of(topic.toString());
    }

    private static boolean isEscape(String text, int at) {
        if (at + ESCAPE_LENGTH > text.length()
                || text.charAt(at) != '_'
                || text.charAt(at + 1) != 'x'
                || text.charAt(at + ESCAPE_LENGTH - 1) != '_') {
            return false;
        }
        for (int i = at + 2; i < at + ESCAPE_LENGTH - 1; i++) {
            if (HEX.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
