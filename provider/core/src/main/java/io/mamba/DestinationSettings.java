package io.mamba;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What is said about a destination: its limits, how it treats failing and expiring messages, what stays for replay, and its
 * partitions. Where nothing is said the URL counts, then the default. Immutable, equal by content; names and texts are those of the URL.
 *
 * @param values in the order of their names
 */
public record DestinationSettings(Map<String, String> values) {
    private static final String MAX_MESSAGES = "maxMessages";
    private static final String MAX_BYTES = "maxBytes";
    private static final String MAX_AGE = "maxAge";
    private static final String WHEN_FULL = "whenFull";
    private static final String SEND_TIMEOUT = "sendTimeout";
    private static final String MAX_DELIVERIES = "maxDeliveries";
    private static final String INITIAL_REDELIVERY_DELAY = "initialRedeliveryDelay";
    private static final String BACK_OFF_MULTIPLIER = "backOffMultiplier";
    private static final String MAXIMUM_REDELIVERY_DELAY = "maximumRedeliveryDelay";
    private static final String EXPIRY_DESTINATION = "expiryDestination";
    private static final String RETAIN_FOR = "retainFor";
    private static final String RETAIN_BYTES = "retainBytes";
    private static final String PARTITIONS = "partitions";
    private static final int MOST_PARTITIONS = 1_000;

    /** Every name. A URL knows them too. */
    private static final Map<String, SettingKey> KEYS = SettingKey.byName(
            new SettingKey(
                    MAX_MESSAGES,
                    "none",
                    "messages that wait, are with a consumer or in a transaction; on a topic each counts once",
                    (key, value) -> SettingText.number(key, value, 1)),
            new SettingKey(
                    MAX_BYTES,
                    "none",
                    "bytes of the messages there, as they are stored: `500`, `64KiB`, `10MiB`, `2GiB`",
                    (key, value) -> SettingText.size(key, value, 1)),
            new SettingKey(
                    MAX_AGE,
                    "none",
                    "a message expires so long after it can be delivered, if its sender does not want it earlier",
                    SettingText::positiveDuration),
            new SettingKey(
                    WHEN_FULL,
                    WhenFull.BLOCK.text(),
                    "what a send meets when a limit is reached: `block` waits, `refuse` refuses at once, `oldestToDlq`"
                            + " makes room",
                    WhenFull::of),
            new SettingKey(SEND_TIMEOUT, "30s", "how long `block` waits at most", SettingText::duration),
            new SettingKey(
                    MAX_DELIVERIES,
                    "10",
                    "deliveries before a message goes to its dead-letter queue; 0: never",
                    (key, value) -> SettingText.integer(key, value, 0, Integer.MAX_VALUE)),
            new SettingKey(
                    INITIAL_REDELIVERY_DELAY,
                    "100ms",
                    "before the second redelivery to a failing listener; the first is at once",
                    SettingText::duration),
            new SettingKey(
                    BACK_OFF_MULTIPLIER,
                    "2",
                    "growth of the delay between redeliveries, 1 to 1000",
                    (key, value) -> SettingText.decimal(key, value, 1, 1_000)),
            new SettingKey(
                    MAXIMUM_REDELIVERY_DELAY,
                    "30s",
                    "upper bound of the delay between redeliveries",
                    SettingText::duration),
            new SettingKey(
                    EXPIRY_DESTINATION,
                    "none",
                    "where expired messages go, as `queue://late`; without it they are gone",
                    SettingText::destination),
            new SettingKey(
                    RETAIN_FOR,
                    "none",
                    "so long after it was sent a settled message stays for replay",
                    SettingText::positiveDuration),
            new SettingKey(
                    RETAIN_BYTES,
                    "none",
                    "so many bytes of the newest messages stay for replay",
                    (key, value) -> SettingText.size(key, value, 1)),
            new SettingKey(
                    PARTITIONS,
                    "1",
                    "partitions of a destination that is created: order, priorities, limits and `retainBytes` hold in"
                            + " each",
                    (key, value) -> SettingText.integer(key, value, 1, MOST_PARTITIONS)));

    private static final Set<String> LIMITS =
            Set.of(MAX_MESSAGES, MAX_BYTES, MAX_AGE, EXPIRY_DESTINATION, RETAIN_FOR, RETAIN_BYTES, PARTITIONS);

    /** Says nothing. */
    public static final DestinationSettings NONE = new DestinationSettings(Map.of());

    /** What may be said, by name. */
    public static Map<String, SettingKey> keys() {
        return KEYS;
    }

    /** @throws MambaException INVALID_ARGUMENT that names the nearest known name, or what is expected as value */
    public DestinationSettings {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        values.forEach(DestinationSettings::check);
    }

    private static void check(String key, String value) {
        SettingKey known = KEYS.get(key);
        if (known == null) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Unknown destination setting '" + key + "'; did you mean '" + NearestName.of(key, KEYS.keySet())
                            + "'?");
        }
        known.check(value);
    }

    /** What a URL says about every destination. */
    public static DestinationSettings of(MambaUrl url) {
        Map<String, String> said = new TreeMap<>(url.options());
        said.keySet().retainAll(KEYS.keySet());
        return new DestinationSettings(said);
    }

    /** The same with one setting said, or said differently. */
    public DestinationSettings with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return new DestinationSettings(changed);
    }

    /** The same with nothing said about one setting. */
    public DestinationSettings without(String key) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.remove(key);
        return new DestinationSettings(changed);
    }

    /** What these settings say, and what the others say about the rest. */
    public DestinationSettings over(DestinationSettings others) {
        Map<String, String> all = new TreeMap<>(others.values);
        all.putAll(values);
        return new DestinationSettings(all);
    }

    /**
     * Without the settings that say how much there may be or stay, and in how many partitions: what holds for dead-letter queues
     * and temporary destinations.
     */
    public DestinationSettings withoutLimits() {
        Map<String, String> rest = new TreeMap<>(values);
        rest.keySet().removeAll(LIMITS);
        return new DestinationSettings(rest);
    }

    // ---- limits -------------------------------------------------------------------------------------------------

    /** Messages that wait, are with a consumer or in a transaction; on a topic each counts once. Empty: no limit. */
    public Optional<Long> maxMessages() {
        return value(MAX_MESSAGES, text -> SettingText.number(MAX_MESSAGES, text, 1));
    }

    public DestinationSettings maxMessages(long messages) {
        return with(MAX_MESSAGES, Long.toString(messages));
    }

    /** Bytes of those messages as they are stored: keys, headers and bodies. Empty: no limit. */
    public Optional<Long> maxBytes() {
        return value(MAX_BYTES, text -> SettingText.size(MAX_BYTES, text, 1));
    }

    public DestinationSettings maxBytes(long bytes) {
        return with(MAX_BYTES, Long.toString(bytes));
    }

    /** A message that is sent from now on expires when it is so old, if it does not earlier. Empty: no limit. */
    public Optional<Duration> maxAge() {
        return value(MAX_AGE, text -> SettingText.duration(MAX_AGE, text));
    }

    public DestinationSettings maxAge(Duration age) {
        return with(MAX_AGE, SettingText.of(age));
    }

    /** What a send meets when a limit is reached. */
    public WhenFull whenFull() {
        return value(WHEN_FULL, text -> WhenFull.of(WHEN_FULL, text)).orElse(WhenFull.BLOCK);
    }

    public DestinationSettings whenFull(WhenFull policy) {
        return with(WHEN_FULL, policy.text());
    }

    /** How long a send waits for room at most. */
    public Duration sendTimeout() {
        return value(SEND_TIMEOUT, text -> SettingText.duration(SEND_TIMEOUT, text))
                .orElse(Duration.ofSeconds(30));
    }

    public DestinationSettings sendTimeout(Duration timeout) {
        return with(SEND_TIMEOUT, SettingText.of(timeout));
    }

    // ---- failing and expiring messages --------------------------------------------------------------------------

    /** After so many deliveries a message that comes back goes to the dead-letter queue; 0 for never. Empty: not said. */
    public Optional<Integer> maxDeliveries() {
        return value(MAX_DELIVERIES, text -> SettingText.integer(MAX_DELIVERIES, text, 0, Integer.MAX_VALUE));
    }

    public DestinationSettings maxDeliveries(int deliveries) {
        return with(MAX_DELIVERIES, Integer.toString(deliveries));
    }

    /** Before the second redelivery; the first comes at once. Empty: not said. */
    public Optional<Duration> initialRedeliveryDelay() {
        return value(INITIAL_REDELIVERY_DELAY, text -> SettingText.duration(INITIAL_REDELIVERY_DELAY, text));
    }

    public DestinationSettings initialRedeliveryDelay(Duration delay) {
        return with(INITIAL_REDELIVERY_DELAY, SettingText.of(delay));
    }

    /** Growth of the delay from one redelivery to the next. Empty: not said. */
    public Optional<Double> backOffMultiplier() {
        return value(BACK_OFF_MULTIPLIER, text -> SettingText.decimal(BACK_OFF_MULTIPLIER, text, 1, 1_000));
    }

    public DestinationSettings backOffMultiplier(double multiplier) {
        return with(BACK_OFF_MULTIPLIER, Double.toString(multiplier));
    }

    /** Upper bound of the delay. Empty: not said. */
    public Optional<Duration> maximumRedeliveryDelay() {
        return value(MAXIMUM_REDELIVERY_DELAY, text -> SettingText.duration(MAXIMUM_REDELIVERY_DELAY, text));
    }

    public DestinationSettings maximumRedeliveryDelay(Duration delay) {
        return with(MAXIMUM_REDELIVERY_DELAY, SettingText.of(delay));
    }

    /** Where expired messages go, in the form {@code queue://expired}. Empty: nowhere. */
    public Optional<String> expiryDestination() {
        return value(EXPIRY_DESTINATION, Function.identity());
    }

    public DestinationSettings expiryDestination(String destination) {
        return with(EXPIRY_DESTINATION, destination);
    }

    // ---- replay -------------------------------------------------------------------------------------------------

    /** So long after it was sent a settled message stays for replay. Empty: no age is a limit. */
    public Optional<Duration> retainFor() {
        return value(RETAIN_FOR, text -> SettingText.duration(RETAIN_FOR, text));
    }

    public DestinationSettings retainFor(Duration time) {
        return with(RETAIN_FOR, SettingText.of(time));
    }

    /** So many bytes of the newest messages stay for replay, settled or not. Empty: no size is a limit. */
    public Optional<Long> retainBytes() {
        return value(RETAIN_BYTES, text -> SettingText.size(RETAIN_BYTES, text, 1));
    }

    public DestinationSettings retainBytes(long bytes) {
        return with(RETAIN_BYTES, Long.toString(bytes));
    }

    // ---- place --------------------------------------------------------------------------------------------------

    /**
     * How many partitions the destination's topic has. Said when it is created, and kept. A group's messages go to one of them,
     * and those of a session without a group; each has its own order, priorities and limits. Empty: one.
     */
    public Optional<Integer> partitions() {
        return value(PARTITIONS, text -> SettingText.integer(PARTITIONS, text, 1, MOST_PARTITIONS));
    }

    public DestinationSettings partitions(int count) {
        return with(PARTITIONS, Integer.toString(count));
    }

    private <T> Optional<T> value(String key, Function<String, T> reader) {
        return Optional.ofNullable(values.get(key)).map(reader);
    }
}
