package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a user may be allowed to do with a destination. */
public enum Right {
    SEND("send to"),
    /** Consumers and subscriptions, with what belongs to them: acknowledging, unsubscribing. */
    RECEIVE("receive from"),
    BROWSE("browse"),
    /** Automatic creation by first use. Temporary destinations need no right: who made one receives, anyone answers. */
    CREATE("create"),
    /** All that {@code MambaAdmin} does; counts only where it is given for {@code *}. */
    ADMINISTER("administer");

    private static final String ALL = "all";

    private final String deed;

    Right(String deed) {
        this.deed = deed;
    }

    /** As part of a sentence: "may not ... queue://orders". */
    String deed() {
        return deed;
    }

    /** {@code send,receive} or {@code all}. */
    static Set<Right> parse(String text) {
        if (text.equals(ALL)) {
            return EnumSet.allOf(Right.class);
        }
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : text.split(",", -1)) {
            rights.add(Arrays.stream(values())
                    .filter(right -> right.text().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new MambaException(
                            ErrorCode.INVALID_ARGUMENT,
                            "'" + word + "' is not a right; the rights are " + text(EnumSet.allOf(Right.class))
                                    + ", and '" + ALL + "' for all of them.")));
        }
        return rights;
    }

    static String text(Set<Right> rights) {
        return rights.stream().sorted().map(Right::text).collect(Collectors.joining(","));
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
