package io.mamba.selector;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.selector.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a selector into tokens. Used once. */
final class Lexer {
    private static final int SHOWN = 200;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    Lexer(String text) {
        this.text = text;
    }

    /** All tokens, the last of which is END. */
    List<Token> tokens() {
        skipWhiteSpace();
        while (position < text.length()) {
            next();
            skipWhiteSpace();
        }
        tokens.add(new Token(Kind.END, "", position));
        return tokens;
    }

    private void skipWhiteSpace() {
        while (position < text.length() && " \t\n\r\f".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private void next() {
        char c = text.charAt(position);
        if (c == '\'') {
            string();
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            number();
        } else if (Character.isJavaIdentifierStart(text.codePointAt(position))) {
            word();
        } else {
            symbol(c);
        }
    }

    private void string() {
        int start = position++;
        StringBuilder value = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c != '\'') {
                value.append(c);
            } else if (peek(0) == '\'') {
                value.append(c);
                position++;
            } else {
                tokens.add(new Token(Kind.STRING, value.toString(), start));
                return;
            }
        }
        throw refused(text, start, "the string that starts here has no closing quote");
    }

    private void word() {
        int start = position;
        skipIdentifierParts();
        tokens.add(Token.word(text.substring(start, position), start));
    }

    private void skipIdentifierParts() {
        while (position < text.length() && Character.isJavaIdentifierPart(text.codePointAt(position))) {
            position += Character.charCount(text.codePointAt(position));
        }
    }

    /** The literals of Java: decimal, octal and hexadecimal integers, and decimal floating-point numbers. */
    private void number() {
        int start = position;
        boolean exact = true;
        if (peek(0) == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
            position += 2;
            while (Character.digit(peek(0), 16) >= 0 && peek(0) < 128) {
                position++;
            }
        } else {
            skipDigits();
            if (peek(0) == '.') {
                exact = false;
                position++;
                skipDigits();
            }
            if (peek(0) == 'e' || peek(0) == 'E') {
                exact = false;
                position += peek(1) == '+' || peek(1) == '-' ? 2 : 1;
                if (!isDigit(peek(0))) {
                    throw refused(text, position, "expected the digits of an exponent");
                }
                skipDigits();
            }
            if ("fFdD".indexOf(peek(0)) >= 0) {
                exact = false;
                position++;
            }
        }
        if (exact && (peek(0) == 'l' || peek(0) == 'L')) {
            position++;
        }
        int end = position;
        skipIdentifierParts();
        if (position > end) {
            throw refused(text, start, "'" + shortened(text.substring(start, position)) + "' is not a number");
        }
        tokens.add(
                new Token(exact ? Kind.EXACT_NUMBER : Kind.APPROXIMATE_NUMBER, text.substring(start, position), start));
    }

    private void skipDigits() {
        while (isDigit(peek(0))) {
            position++;
        }
    }

    private void symbol(char c) {
        switch (c) {
            case '=' -> add(Kind.EQUAL, 1);
            case '<' -> {
                switch (peek(1)) {
                    case '>' -> add(Kind.UNEQUAL, 2);
                    case '=' -> add(Kind.LESS_OR_EQUAL, 2);
                    default -> add(Kind.LESS, 1);
                }
            }
            case '>' -> {
                if (peek(1) == '=') {
                    add(Kind.GREATER_OR_EQUAL, 2);
                } else {
                    add(Kind.GREATER, 1);
                }
            }
            case '+' -> add(Kind.PLUS, 1);
            case '-' -> add(Kind.MINUS, 1);
            case '*' -> add(Kind.TIMES, 1);
            case '/' -> add(Kind.DIVIDE, 1);
            case '(' -> add(Kind.OPEN, 1);
            case ')' -> add(Kind.CLOSE, 1);
            case ',' -> add(Kind.COMMA, 1);
            case '"' -> throw refused(text, position, "a string stands in single quotes, but found a double one");
            case '!' -> throw refused(text, position, "'!' is unknown: unequal is written <>, negation NOT");
            default ->
                throw refused(
                        text,
                        position,
                        "expected a word, a number, a string or an operator, but found '"
                                + Character.toString(text.codePointAt(position)) + "'");
        }
    }

    private void add(Kind kind, int length) {
        tokens.add(new Token(kind, text.substring(position, position + length), position));
        position += length;
    }

    /** The character so many places ahead; a NUL, which no token starts with, after the end. */
    private char peek(int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static MambaException refused(String selector, int position, String what) {
        return refused(selector, position, what, null);
    }

    static MambaException refused(
            String selector, int position, String what, @Nullable IllegalArgumentException cause) {
        return new MambaException(
                ErrorCode.INVALID_SELECTOR,
                "Invalid selector, at character " + (position + 1) + ": " + what + ". The selector is: "
                        + shortened(selector),
                cause);
    }

    static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "..";
    }
}
