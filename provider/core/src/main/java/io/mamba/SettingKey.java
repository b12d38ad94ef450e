package io.mamba;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A key of a URL or of a destination's settings: what docs/configuration.md says about it, and what its value may be.
 *
 * @param standard what counts where nothing is said
 * @param meaning for users
 * @param check of key and value; refuses with INVALID_ARGUMENT
 */
public record SettingKey(String name, String standard, String meaning, BiConsumer<String, String> check) {
    static Map<String, SettingKey> byName(SettingKey... keys) {
        Map<String, SettingKey> byName = new TreeMap<>();
        for (SettingKey key : keys) {
            byName.put(key.name, key);
        }
        return Collections.unmodifiableMap(byName);
    }

    void check(String value) {
        check.accept(name, value);
    }
}
