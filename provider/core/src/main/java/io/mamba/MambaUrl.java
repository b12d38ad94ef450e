package io.mamba;

import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A parsed {@code mamba:<engine>:<place>?key=value&..}, percent-decoded; immutable, equal by content. An unknown key is
 * refused with the nearest known one, and every value is checked here, so that a bad URL fails before anything is
 * opened.
 *
 * @param engine {@code file} or {@code kafka}
 * @param place the directory, or the list of bootstrap servers without the slashes
 * @param options in the order of their keys
 */
public record MambaUrl(String engine, String place, Map<String, String> options) {
    public static final String FILE = "file";
    public static final String KAFKA = "kafka";

    private static final String SCHEME = "mamba:";
    private static final String KAFKA_PREFIX = "kafka.";
    private static final String MASK = "***";

    /** Every key besides those of {@link DestinationSettings}. */
    private static final Map<String, SettingKey> OWN_KEYS = SettingKey.byName(
            new SettingKey("user", "none", "name, where the program gives none", SettingText::any),
            new SettingKey("password", "none", "password of `user`", SettingText::any),
            new SettingKey("clientId", "none", "preset client id", SettingText::notEmpty),
            new SettingKey(
                    "node",
                    "empty",
                    "the node's name, which its transaction branches carry; needed on Kafka, where each node has one of its"
                            + " own; in a server the instance's name",
                    SettingText::notEmpty),
            new SettingKey(
                    "users",
                    "none",
                    "file of the users and their rights; without it any name and password is accepted",
                    SettingText::notEmpty),
            new SettingKey("autoCreate", "true", "destinations are created on first use", SettingText::bool),
            new SettingKey(
                    "objectMessageAllow",
                    "none",
                    "classes an ObjectMessage may hold besides the standard ones: names, `package.*`, or `*`",
                    SettingText::any),
            new SettingKey(
                    "prefix",
                    "empty",
                    "on Kafka: in front of the names of all topics, groups and transactional ids, for several logs in one"
                            + " cluster",
                    SettingText::notEmpty));

    private static final Map<String, SettingKey> KEYS = merged();

    private static Map<String, SettingKey> merged() {
        Map<String, SettingKey> keys = new TreeMap<>(OWN_KEYS);
        keys.putAll(DestinationSettings.keys());
        return Collections.unmodifiableMap(keys);
    }

    /** The keys that are not settings of destinations, by name. */
    public static Map<String, SettingKey> ownKeys() {
        return OWN_KEYS;
    }

    public MambaUrl {
        switch (engine) {
            case FILE -> {
                if (place.isEmpty()) {
                    throw refused("A file URL names a directory: mamba:file:/var/lib/mamba, but the place is empty.");
                }
            }
            case KAFKA -> checkServers(place);
            default -> throw refused("Unknown engine '" + engine + "' in the URL; the engines are 'file' and 'kafka'.");
        }
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        options.forEach(MambaUrl::check);
    }

    /** @throws MambaException INVALID_ARGUMENT that names the part and the fix */
    public static MambaUrl parse(String text) {
        int question = text.indexOf('?');
        String head = question < 0 ? text : text.substring(0, question);
        int colon = head.indexOf(':', SCHEME.length());
        if (!head.startsWith(SCHEME) || colon < 0) {
            throw refused("'" + head + "' is not a Mamba URL: expected mamba:file:/directory"
                    + " or mamba:kafka://host:port,host:port.");
        }
        String engine = head.substring(SCHEME.length(), colon);
        String place = head.substring(colon + 1);
        if (engine.equals(KAFKA)) {
            if (!place.startsWith("//")) {
                throw refused(
                        "A Kafka URL starts with two slashes: expected mamba:kafka://host:port,host:port, but found '"
                                + head + "'.");
            }
            place = place.substring(2);
        }
        return new MambaUrl(
                engine,
                PercentCode.decode(place, "the place"),
                question < 0 ? Map.of() : parseOptions(text.substring(question + 1)));
    }

    private static Map<String, String> parseOptions(String text) {
        Map<String, String> options = new TreeMap<>();
        int number = 0;
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            number++;
            int equals = pair.indexOf('=');
            if (equals < 1) { // the text is not shown: it may be the rest of a password
                throw refused(
                        "Option " + number + " of the URL is not key=value; an '&' within a value is written %26.");
            }
            String key = PercentCode.decode(pair.substring(0, equals), "the name of option " + number);
            String value = PercentCode.decode(pair.substring(equals + 1), "the value of '" + key + "'");
            if (options.putIfAbsent(key, value) != null) {
                throw refused("Key '" + key + "' is given twice in the URL; give it once.");
            }
        }
        return options;
    }

    private static void check(String key, String value) {
        SettingKey known = KEYS.get(key);
        if (known != null) {
            known.check(value);
        } else if (key.equals(KAFKA_PREFIX)) {
            throw refused("Key 'kafka.' in the URL needs the name of a Kafka client property after the dot.");
        } else if (!key.startsWith(KAFKA_PREFIX)) {
            throw refused(
                    "Unknown key '" + key + "' in the URL; did you mean '" + NearestName.of(key, KEYS.keySet()) + "'?");
        }
    }

    private static void checkServers(String place) {
        for (String server : place.split(",", -1)) {
            int colon = server.lastIndexOf(':');
            if (colon < 1 || !isPort(server.substring(colon + 1))) {
                throw refused("A Kafka URL names its servers: expected mamba:kafka://host:port,host:port, but found '"
                        + server + "' in '" + place + "'.");
            }
        }
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return false;
        }
        int port = Integer.parseInt(text);
        return port > 0 && port <= 65_535;
    }

    /** The same URL with one option set, or replaced. */
    public MambaUrl with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(options);
        changed.put(key, value);
        return new MambaUrl(engine, place, changed);
    }

    public Optional<String> option(String key) {
        return Optional.ofNullable(options.get(key));
    }

    public Optional<Duration> duration(String key) {
        return option(key).map(value -> SettingText.duration(key, value));
    }

    public Optional<Integer> integer(String key) {
        return option(key).map(value -> SettingText.integer(key, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    public Optional<Boolean> bool(String key) {
        return option(key).map(value -> SettingText.bool(key, value));
    }

    public Optional<Double> decimal(String key) {
        return option(key).map(value -> SettingText.decimal(key, value, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    /** The options {@code kafka.<client property>} under the names that a Kafka client knows. */
    public Map<String, String> kafkaProperties() {
        Map<String, String> properties = new TreeMap<>();
        options.forEach((key, value) -> {
            if (key.startsWith(KAFKA_PREFIX)) {
                properties.put(key.substring(KAFKA_PREFIX.length()), value);
            }
        });
        return Collections.unmodifiableMap(properties);
    }

    /** The canonical URL with its secrets: what {@link #parse} reads. */
    public String text() {
        return text(false);
    }

    /** The canonical URL for logs and errors: secrets are masked. */
    @Override
    public String toString() {
        return text(true);
    }

    private String text(boolean masked) {
        StringBuilder url = new StringBuilder(SCHEME).append(engine).append(engine.equals(KAFKA) ? "://" : ":");
        PercentCode.encode(place, url);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            PercentCode.encode(option.getKey(), url.append(separator));
            url.append('=');
            if (masked && isSecret(option.getKey())) {
                url.append(MASK);
            } else {
                PercentCode.encode(option.getValue(), url);
            }
            separator = '&';
        }
        return url.toString();
    }

    private static boolean isSecret(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.contains("password") || name.contains("secret") || name.contains("jaas") || name.endsWith(".key");
    }

    private static MambaException refused(String message) {
        return new MambaException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
