package io.mamba;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription starts, or is moved to, in what its destination retains. The text, the same everywhere, is {@code
 * earliest}, {@code latest}, a position (a number), or a time such as {@code 2026-01-31T08:00:00Z}.
 *
 * @param value the position, or milliseconds since the epoch; 0 where the kind says all
 */
public record StartFrom(Kind kind, long value) {
    /** How the place is named. */
    public enum Kind {
        /** With the first message that is retained. */
        EARLIEST,
        /** With the first message sent from now on. */
        LATEST,
        /** With this position of the log, or the next one that there is. */
        POSITION,
        /** With the first message that was sent at this time or later. */
        TIME
    }

    public static final StartFrom EARLIEST = new StartFrom(Kind.EARLIEST, 0);
    public static final StartFrom LATEST = new StartFrom(Kind.LATEST, 0);

    /** @throws MambaException INVALID_ARGUMENT if it is negative */
    public static StartFrom position(long position) {
        if (position < 0) {
            throw refused(Long.toString(position), null);
        }
        return new StartFrom(Kind.POSITION, position);
    }

    public static StartFrom time(Instant time) {
        return new StartFrom(Kind.TIME, time.toEpochMilli());
    }

    /** @throws MambaException INVALID_ARGUMENT that says what is expected */
    public static StartFrom parse(String text) {
        if (text.equalsIgnoreCase("earliest")) {
            return EARLIEST;
        }
        if (text.equalsIgnoreCase("latest")) {
            return LATEST;
        }
        try {
            return !text.isEmpty() && text.chars().allMatch(Character::isDigit)
                    ? position(Long.parseLong(text))
                    : time(Instant.parse(text));
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            throw refused(text, e);
        }
    }

    private static MambaException refused(String text, @Nullable RuntimeException cause) {
        return new MambaException(
                ErrorCode.INVALID_ARGUMENT,
                "'startFrom' is '" + text
                        + "', but expected earliest, latest, a position or a time such as 2026-01-31T08:00:00Z.",
                cause);
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (kind) {
            case EARLIEST -> "earliest";
            case LATEST -> "latest";
            case POSITION -> Long.toString(value);
            case TIME -> Instant.ofEpochMilli(value).toString();
        };
    }
}
