package io.mamba.selector;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a selector, immutable: operands have values, conditions a truth. A missing value makes an operation
 * unknown; a value of the wrong type makes it false, its negated form too (section 3.8.1.1: unlike types).
 */
sealed interface Expression {
    /** What is known of an operand's value before there is a message. */
    enum ValueType {
        NUMBER,
        STRING,
        BOOLEAN,
        ANY
    }

    /** The logic of SQL. */
    enum Truth {
        TRUE,
        FALSE,
        UNKNOWN;

        static Truth of(boolean value) {
            return value ? TRUE : FALSE;
        }

        Truth negated() {
            return this == TRUE ? FALSE : this == FALSE ? TRUE : UNKNOWN;
        }
    }

    sealed interface Operand extends Expression {
        ValueType type();

        /** A Boolean, Byte, Short, Integer, Long, Float, Double or String; null for unknown. */
        @Nullable
        Object value(Function<String, @Nullable Object> values);
    }

    sealed interface Condition extends Expression {
        Truth test(Function<String, @Nullable Object> values);
    }

    record Literal(Object value, ValueType type) implements Operand {
        @Override
        public Object value(Function<String, @Nullable Object> values) {
            return value;
        }
    }

    record Identifier(String name, ValueType type) implements Operand {
        @Override
        public @Nullable Object value(Function<String, @Nullable Object> values) {
            return values.apply(name);
        }
    }

    record Signed(Operand operand, boolean negative) implements Operand {
        @Override
        public ValueType type() {
            return ValueType.NUMBER;
        }

        @Override
        public @Nullable Object value(Function<String, @Nullable Object> values) {
            Object value = operand.value(values);
            if (!(value instanceof Number number)) {
                return null;
            }
            if (!negative) {
                return number;
            }
            if (isApproximate(number)) {
                return -number.doubleValue();
            }
            return -number.longValue();
        }
    }

    /** One step of a sum or product. */
    record Step(Operator operator, Operand operand) {}

    enum Operator {
        PLUS,
        MINUS,
        TIMES,
        DIVIDE
    }

    /** Operators of one precedence, from left to right. Numbers are promoted as in Java, to long or to double. */
    record Arithmetic(Operand first, List<Step> steps) implements Operand {
        @Override
        public ValueType type() {
            return ValueType.NUMBER;
        }

        @Override
        public @Nullable Object value(Function<String, @Nullable Object> values) {
            Object result = first.value(values);
            for (Step step : steps) {
                if (!(result instanceof Number left) || !(step.operand().value(values) instanceof Number right)) {
                    return null;
                }
                if (isApproximate(left) || isApproximate(right)) {
                    result = approximate(step.operator(), left.doubleValue(), right.doubleValue());
                } else {
                    result = exact(step.operator(), left.longValue(), right.longValue());
                }
            }
            return result;
        }

        private static double approximate(Operator operator, double left, double right) {
            return switch (operator) {
                case PLUS -> left + right;
                case MINUS -> left - right;
                case TIMES -> left * right;
                case DIVIDE -> left / right;
            };
        }

        private static @Nullable Long exact(Operator operator, long left, long right) {
            return switch (operator) {
                case PLUS -> left + right;
                case MINUS -> left - right;
                case TIMES -> left * right;
                case DIVIDE -> right == 0 ? null : Long.valueOf(left / right);
            };
        }
    }

    /** A condition in parentheses whose truth is compared. */
    record Answer(Condition condition) implements Operand {
        @Override
        public ValueType type() {
            return ValueType.BOOLEAN;
        }

        @Override
        public @Nullable Object value(Function<String, @Nullable Object> values) {
            return switch (condition.test(values)) {
                case TRUE -> true;
                case FALSE -> false;
                case UNKNOWN -> null;
            };
        }
    }

    enum Relation {
        EQUAL,
        UNEQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean isOrder() {
            return this != EQUAL && this != UNEQUAL;
        }

        Truth test(@Nullable Object left, @Nullable Object right) {
            if (left == null || right == null) {
                return Truth.UNKNOWN;
            }
            if (left instanceof Number leftNumber && right instanceof Number rightNumber) {
                boolean approximate = isApproximate(leftNumber) || isApproximate(rightNumber);
                return Truth.of(
                        approximate
                                ? holds(leftNumber.doubleValue(), rightNumber.doubleValue())
                                : holds(Long.compare(leftNumber.longValue(), rightNumber.longValue()), 0));
            }
            if (isOrder() || left.getClass() != right.getClass()) {
                return Truth.FALSE;
            }
            return Truth.of(left.equals(right) == (this == EQUAL));
        }

        private boolean holds(double left, double right) {
            return switch (this) {
                case EQUAL -> left == right;
                case UNEQUAL -> left != right;
                case LESS -> left < right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER -> left > right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }
    }

    record Comparison(Relation relation, Operand left, Operand right) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            return relation.test(left.value(values), right.value(values));
        }
    }

    record Between(Operand operand, Operand low, Operand high, boolean negated) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            Object value = operand.value(values);
            Truth overLow = (negated ? Relation.LESS : Relation.GREATER_OR_EQUAL).test(value, low.value(values));
            Truth underHigh = (negated ? Relation.GREATER : Relation.LESS_OR_EQUAL).test(value, high.value(values));
            Truth deciding = Truth.of(negated);
            if (overLow == deciding || underHigh == deciding) {
                return deciding;
            }
            return overLow == Truth.UNKNOWN || underHigh == Truth.UNKNOWN ? Truth.UNKNOWN : deciding.negated();
        }
    }

    record Like(Identifier identifier, LikePattern pattern, boolean negated) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            Object value = identifier.value(values);
            if (value == null) {
                return Truth.UNKNOWN;
            }
            return Truth.of(value instanceof String text && pattern.matches(text) != negated);
        }
    }

    record In(Identifier identifier, Set<String> members, boolean negated) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            Object value = identifier.value(values);
            if (value == null) {
                return Truth.UNKNOWN;
            }
            return Truth.of(value instanceof String text && members.contains(text) != negated);
        }
    }

    record IsNull(Identifier identifier, boolean negated) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            return Truth.of((identifier.value(values) == null) != negated);
        }
    }

    /** A boolean by itself: TRUE, FALSE, or a property, which is compared with TRUE. */
    record Flag(Operand operand) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            Object value = operand.value(values);
            return value == null ? Truth.UNKNOWN : Truth.of(value instanceof Boolean flag && flag);
        }
    }

    record Not(Condition condition) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            return condition.test(values).negated();
        }
    }

    /** AND over all conditions. */
    record All(List<Condition> conditions) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            return decide(conditions, Truth.FALSE, values);
        }
    }

    /** OR over all conditions. */
    record Any(List<Condition> conditions) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable Object> values) {
            return decide(conditions, Truth.TRUE, values);
        }
    }

    /** The deciding truth if a condition has it; else unknown if one is unknown; else the opposite. */
    private static Truth decide(List<Condition> conditions, Truth deciding, Function<String, @Nullable Object> values) {
        Truth result = deciding.negated();
        for (Condition condition : conditions) {
            Truth truth = condition.test(values);
            if (truth == deciding) {
                return deciding;
            }
            if (truth == Truth.UNKNOWN) {
                result = Truth.UNKNOWN;
            }
        }
        return result;
    }

    private static boolean isApproximate(Number number) {
        return number instanceof Double || number instanceof Float;
    }

    /** The string that the identifier must equal for the condition to be true, if it says so; else null. */
    static @Nullable String requiredText(Condition condition, String identifier) {
        if (condition instanceof All all) {
            for (Condition conjunct : all.conditions()) {
                String text = requiredText(conjunct, identifier);
                if (text != null) {
                    return text;
                }
            }
        }
        if (condition instanceof Comparison comparison && comparison.relation() == Relation.EQUAL) {
            String text = requiredText(comparison.left(), comparison.right(), identifier);
            return text != null ? text : requiredText(comparison.right(), comparison.left(), identifier);
        }
        return null;
    }

    private static @Nullable String requiredText(Operand named, Operand literal, String identifier) {
        return named instanceof Identifier found
                        && found.name().equals(identifier)
                        && literal instanceof Literal constant
                        && constant.value() instanceof String text
                ? text
                : null;
    }
}
