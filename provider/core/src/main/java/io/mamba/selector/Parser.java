package io.mamba.selector;

import io.mamba.MambaException;
import io.mamba.selector.Expression.All;
import io.mamba.selector.Expression.Answer;
import io.mamba.selector.Expression.Any;
import io.mamba.selector.Expression.Arithmetic;
import io.mamba.selector.Expression.Between;
import io.mamba.selector.Expression.Comparison;
import io.mamba.selector.Expression.Condition;
import io.mamba.selector.Expression.Flag;
import io.mamba.selector.Expression.Identifier;
import io.mamba.selector.Expression.In;
import io.mamba.selector.Expression.IsNull;
import io.mamba.selector.Expression.Like;
import io.mamba.selector.Expression.Literal;
import io.mamba.selector.Expression.Not;
import io.mamba.selector.Expression.Operand;
import io.mamba.selector.Expression.Operator;
import io.mamba.selector.Expression.Relation;
import io.mamba.selector.Expression.Signed;
import io.mamba.selector.Expression.Step;
import io.mamba.selector.Expression.ValueType;
import io.mamba.selector.Token.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent, one method per level of precedence, with the type rules checked on the way. Used once.
 *
 * <pre>
 * or         = and {OR and}
 * and        = not {AND not}
 * not        = NOT not | comparison
 * comparison = sum [relation sum | [NOT] BETWEEN sum AND sum | [NOT] LIKE .. | [NOT] IN (..) | IS [NOT] NULL]
 * sum        = product {+|- product}
 * product    = unary {*|/ unary}
 * unary      = +|- unary | primary
 * primary    = literal | identifier | ( or )
 * </pre>
 */
final class Parser {
    /**
     * Of NOT, signs and parentheses in each other, so that the stack of a small thread is enough (128 overflow 512 KiB);
     * chains of one operator nest nothing.
     */
    private static final int DEEPEST = 64;

    private static final Map<String, ValueType> HEADERS = Map.of(
            "JMSDeliveryMode", ValueType.STRING,
            "JMSPriority", ValueType.NUMBER,
            "JMSMessageID", ValueType.STRING,
            "JMSTimestamp", ValueType.NUMBER,
            "JMSCorrelationID", ValueType.STRING,
            "JMSType", ValueType.STRING);

    private final String text;
    private final List<Token> tokens;
    private int next;
    private int depth;

    Parser(String text) {
        this.text = text;
        this.tokens = new Lexer(text).tokens();
    }

    Condition parse() {
        Token start = peek();
        Expression expression = or();
        if (peek().kind() != Kind.END) {
            throw expected("AND, OR or the end");
        }
        return condition(expression, start);
    }

    private Expression or() {
        List<Condition> conditions = new ArrayList<>();
        Expression first = chain(Kind.OR, this::and, conditions);
        return conditions.isEmpty() ? first : new Any(List.copyOf(conditions));
    }

    private Expression and() {
        List<Condition> conditions = new ArrayList<>();
        Expression first = chain(Kind.AND, this::not, conditions);
        return conditions.isEmpty() ? first : new All(List.copyOf(conditions));
    }

    /** The first operand; with all of them in the list if the operator follows it. */
    private Expression chain(Kind operator, Supplier<Expression> operand, List<Condition> conditions) {
        Token start = peek();
        Expression first = operand.get();
        if (peek().kind() == operator) {
            conditions.add(condition(first, start));
        }
        while (accept(operator)) {
            start = peek();
            conditions.add(condition(operand.get(), start));
        }
        return first;
    }

    private Expression not() {
        if (!accept(Kind.NOT)) {
            return comparison();
        }
        enter();
        Token start = peek();
        Condition negated = condition(not(), start);
        depth--;
        return new Not(negated);
    }

    private Expression comparison() {
        Token start = peek();
        Expression left = sum();
        Token operator = peek();
        Relation relation = relation(operator.kind());
        if (relation != null) {
            next++;
            return comparison(relation, operator, operand(left), operand(sum()));
        }
        if (accept(Kind.IS)) {
            boolean negated = accept(Kind.NOT);
            expect(Kind.NULL, "NULL or NOT NULL");
            return new IsNull(identifier(left, start, "IS NULL"), negated);
        }
        boolean negated = operator.kind() == Kind.NOT && accept(Kind.NOT);
        if (accept(Kind.BETWEEN)) {
            return between(operand(left), start, negated);
        }
        if (accept(Kind.LIKE)) {
            return new Like(identifier(left, start, "LIKE"), pattern(), negated);
        }
        if (accept(Kind.IN)) {
            return new In(identifier(left, start, "IN"), members(), negated);
        }
        if (negated) {
            throw expected("BETWEEN, LIKE or IN after NOT");
        }
        return left;
    }

    private static @Nullable Relation relation(Kind kind) {
        return switch (kind) {
            case EQUAL -> Relation.EQUAL;
            case UNEQUAL -> Relation.UNEQUAL;
            case LESS -> Relation.LESS;
            case LESS_OR_EQUAL -> Relation.LESS_OR_EQUAL;
            case GREATER -> Relation.GREATER;
            case GREATER_OR_EQUAL -> Relation.GREATER_OR_EQUAL;
            default -> null;
        };
    }

    private Condition comparison(Relation relation, Token operator, Operand left, Operand right) {
        if (relation.isOrder() && !(mayBeNumber(left) && mayBeNumber(right))) {
            throw refused(operator, "strings and booleans compare with = and <> only, not with " + operator.shown());
        }
        return new Comparison(relation, left, right);
    }

    private Condition between(Operand operand, Token start, boolean negated) {
        number(operand, start);
        Token lowStart = peek();
        Operand low = number(operand(sum()), lowStart);
        expect(Kind.AND, "AND and the upper bound of BETWEEN");
        Token highStart = peek();
        Operand high = number(operand(sum()), highStart);
        return new Between(operand, low, high, negated);
    }

    private LikePattern pattern() {
        Token pattern = expect(Kind.STRING, "a string with the pattern of LIKE");
        if (!accept(Kind.ESCAPE)) {
            return LikePattern.compile(pattern.text());
        }
        Token escape = expect(Kind.STRING, "a string with the escape character");
        if (escape.text().codePointCount(0, escape.text().length()) != 1) {
            throw refused(escape, "expected a string of one escape character, but found " + escape.shown());
        }
        try {
            return LikePattern.compile(pattern.text(), escape.text().codePointAt(0));
        } catch (IllegalArgumentException e) {
            throw refused(pattern, "expected a character after the escape character that ends " + pattern.shown(), e);
        }
    }

    /** A HashSet, which stays quick when the members have been chosen to have one hash code; Set.copyOf does not. */
    private Set<String> members() {
        expect(Kind.OPEN, "'(' and the strings of IN");
        Set<String> members = new HashSet<>();
        do {
            members.add(expect(Kind.STRING, "a string").text());
        } while (accept(Kind.COMMA));
        expect(Kind.CLOSE, "',' or ')'");
        return Collections.unmodifiableSet(members);
    }

    private Expression sum() {
        return arithmetic(Kind.PLUS, Kind.MINUS, this::product);
    }

    private Expression product() {
        return arithmetic(Kind.TIMES, Kind.DIVIDE, this::unary);
    }

    private Expression arithmetic(Kind operator, Kind inverse, Supplier<Expression> operand) {
        Token start = peek();
        Expression first = operand.get();
        if (peek().kind() != operator && peek().kind() != inverse) {
            return first;
        }
        Operand left = number(operand(first), start);
        List<Step> steps = new ArrayList<>();
        while (peek().kind() == operator || peek().kind() == inverse) {
            Kind kind = take().kind();
            start = peek();
            steps.add(new Step(operator(kind), number(operand(operand.get()), start)));
        }
        return new Arithmetic(left, List.copyOf(steps));
    }

    private Expression unary() {
        Token sign = peek();
        if (!accept(Kind.MINUS) && !accept(Kind.PLUS)) {
            return primary();
        }
        boolean negative = sign.kind() == Kind.MINUS;
        if (peek().kind() == Kind.EXACT_NUMBER) { // with its sign: the smallest long has no positive counterpart
            return exactNumber(take(), negative);
        }
        enter();
        Token start = peek();
        Operand operand = number(operand(unary()), start);
        depth--;
        return new Signed(operand, negative);
    }

    private Expression primary() {
        Token token = peek();
        switch (token.kind()) {
            case STRING -> {
                return new Literal(take().text(), ValueType.STRING);
            }
            case TRUE, FALSE -> {
                return new Literal(take().kind() == Kind.TRUE, ValueType.BOOLEAN);
            }
            case EXACT_NUMBER -> {
                return exactNumber(take(), false);
            }
            case APPROXIMATE_NUMBER -> {
                return approximateNumber(take());
            }
            case IDENTIFIER -> {
                return identifier(take());
            }
            case OPEN -> {
                next++;
                enter();
                Expression inner = or();
                depth--;
                expect(Kind.CLOSE, "')' or an operator");
                return inner;
            }
            case NULL -> throw refused(token, "NULL stands only in IS NULL and IS NOT NULL");
            default -> throw expected("a value, an identifier or '('");
        }
    }

    private Literal exactNumber(Token token, boolean negative) {
        String digits = token.text();
        if (digits.endsWith("l") || digits.endsWith("L")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        try {
            long value;
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                value = Long.parseUnsignedLong(digits.substring(2), 16);
            } else if (digits.startsWith("0")) {
                value = Long.parseUnsignedLong(digits, 8);
            } else {
                return new Literal(Long.parseLong(negative ? "-" + digits : digits), ValueType.NUMBER);
            }
            return new Literal(negative ? -value : value, ValueType.NUMBER);
        } catch (NumberFormatException e) {
            throw refused(token, token.shown() + " is not an integer of 64 bits", e);
        }
    }

    private Literal approximateNumber(Token token) {
        boolean single = token.text().endsWith("f") || token.text().endsWith("F");
        double value = single ? Float.parseFloat(token.text()) : Double.parseDouble(token.text());
        if (Double.isInfinite(value)) {
            throw refused(token, token.shown() + " is too large a number");
        }
        return new Literal(value, ValueType.NUMBER);
    }

    private Identifier identifier(Token token) {
        String name = token.text();
        ValueType type = HEADERS.getOrDefault(name, ValueType.ANY);
        if (type == ValueType.ANY && name.startsWith("JMS") && !name.startsWith("JMSX") && !name.startsWith("JMS_")) {
            throw refused(
                    token,
                    token.shown()
                            + " cannot stand in a selector: the headers that can are JMSDeliveryMode, JMSPriority,"
                            + " JMSMessageID, JMSTimestamp, JMSCorrelationID and JMSType");
        }
        return new Identifier(name, type);
    }

    private static Operator operator(Kind kind) {
        return switch (kind) {
            case PLUS -> Operator.PLUS;
            case MINUS -> Operator.MINUS;
            case TIMES -> Operator.TIMES;
            default -> Operator.DIVIDE;
        };
    }

    private Condition condition(Expression expression, Token start) {
        if (expression instanceof Condition condition) {
            return condition;
        }
        Operand operand = operand(expression);
        if (operand.type() == ValueType.NUMBER || operand.type() == ValueType.STRING) {
            throw refused(start, "expected a condition, but found only a value, " + start.shown());
        }
        return new Flag(operand);
    }

    private static Operand operand(Expression expression) {
        return expression instanceof Operand operand ? operand : new Answer((Condition) expression);
    }

    private static boolean mayBeNumber(Operand operand) {
        return operand.type() == ValueType.NUMBER || operand.type() == ValueType.ANY;
    }

    private Operand number(Operand operand, Token start) {
        if (!mayBeNumber(operand)) {
            throw refused(start, "expected a number, but found " + start.shown());
        }
        return operand;
    }

    private Identifier identifier(Expression expression, Token start, String operator) {
        if (expression instanceof Identifier identifier) {
            return identifier;
        }
        throw refused(start, "expected an identifier before " + operator + ", but found " + start.shown());
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw refused(peek(), "expected at most " + DEEPEST + " NOTs, signs and parentheses in each other");
        }
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private boolean accept(Kind kind) {
        if (peek().kind() != kind) {
            return false;
        }
        next++;
        return true;
    }

    private Token expect(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw expected(what);
        }
        return take();
    }

    private MambaException expected(String what) {
        return refused(peek(), "expected " + what + ", but found " + peek().shown());
    }

    private MambaException refused(Token token, String what) {
        return refused(token, what, null);
    }

    private MambaException refused(Token token, String what, @Nullable IllegalArgumentException cause) {
        return Lexer.refused(text, token.position(), what, cause);
    }
}
