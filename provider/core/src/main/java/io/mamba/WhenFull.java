package io.mamba;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a send to a destination meets that is at a limit. */
public enum WhenFull {
    /** It waits for room, up to the setting {@code sendTimeout}; then it is refused. */
    BLOCK("block"),
    /** It is refused at once. */
    REFUSE("refuse"),
    /** It is taken; the oldest messages that wait go to the dead-letter queue. */
    OLDEST_TO_DLQ("oldestToDlq");

    private final String text;

    WhenFull(String text) {
        this.text = text;
    }

    /** As it stands in URLs and settings. */
    public String text() {
        return text;
    }

    /** @throws MambaException INVALID_ARGUMENT that names the key and what is expected */
    static WhenFull of(String key, String text) {
        return Arrays.stream(values())
                .filter(policy -> policy.text.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new MambaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'" + key + "' is '" + text + "', but expected one of "
                                + Arrays.stream(values()).map(WhenFull::text).collect(Collectors.joining(", ")) + "."));
    }
}
