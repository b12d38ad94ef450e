package io.mamba.selector;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A word of a selector.
 *
 * @param text as it stands in the selector; of a string literal the value
 * @param position of its first character, from 0
 */
record Token(Kind kind, String text, int position) {
    enum Kind {
        IDENTIFIER,
        STRING,
        EXACT_NUMBER,
        APPROXIMATE_NUMBER,

        NULL,
        TRUE,
        FALSE,
        NOT,
        AND,
        OR,
        BETWEEN,
        LIKE,
        IN,
        IS,
        ESCAPE,

        EQUAL,
        UNEQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        PLUS,
        MINUS,
        TIMES,
        DIVIDE,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    private static final Map<String, Kind> KEYWORDS = Stream.of(
                    Kind.NULL,
                    Kind.TRUE,
                    Kind.FALSE,
                    Kind.NOT,
                    Kind.AND,
                    Kind.OR,
                    Kind.BETWEEN,
                    Kind.LIKE,
                    Kind.IN,
                    Kind.IS,
                    Kind.ESCAPE)
            .collect(Collectors.toUnmodifiableMap(Kind::name, kind -> kind));

    /** A keyword in any case, or an identifier. */
    static Token word(String text, int position) {
        return new Token(KEYWORDS.getOrDefault(text.toUpperCase(Locale.ROOT), Kind.IDENTIFIER), text, position);
    }

    /** For an error message. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "the string '" + Lexer.shortened(text) + "'";
            default -> "'" + Lexer.shortened(text) + "'";
        };
    }
}
