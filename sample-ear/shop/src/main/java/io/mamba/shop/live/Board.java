package io.mamba.shop.live;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the shop as last read, in parts; each value remembers the version in which it changed. What a viewer has to be
 * sent follows from the version it has, so nothing is kept per viewer however slow it is. Thread-safe.
 */
final class Board {

    /** The key of a part that is one value. */
    private static final String WHOLE = "";

    private record Entry(JsonValue value, long version) {}

    private final Map<String, Map<String, Entry>> parts = new LinkedHashMap<>();
    private long version;

    /** Sets a part that is one value. */
    synchronized void set(String part, JsonValue value) {
        change(part, Map.of(WHOLE, value));
    }

    /** Sets a part that is a set of values by key. Of these only the changed ones are sent; a missing key is forgotten. */
    synchronized void setEach(String part, Map<String, ? extends JsonValue> values) {
        change(part, values);
    }

    synchronized boolean has(String part) {
        return parts.containsKey(part);
    }

    /** What changed after that version, and the {@code version} it leads to; null when nothing did. */
    synchronized @Nullable JsonObject since(long seen) {
        if (seen >= version) {
            return null;
        }
        JsonObjectBuilder changes = JsonText.object().add("version", version);
        parts.forEach((part, entries) -> {
            Entry whole = entries.get(WHOLE);
            if (whole == null) {
                addEach(changes, part, entries, seen);
            } else if (whole.version() > seen) {
                changes.add(part, whole.value());
            }
        });
        return changes.build();
    }

    private static void addEach(JsonObjectBuilder changes, String part, Map<String, Entry> entries, long seen) {
        JsonObjectBuilder changed = JsonText.object();
        boolean any = false;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue().version() > seen) {
                changed.add(entry.getKey(), entry.getValue().value());
                any = true;
            }
        }
        if (any) {
            changes.add(part, changed);
        }
    }

    private void change(String part, Map<String, ? extends JsonValue> values) {
        Map<String, Entry> before = parts.getOrDefault(part, Map.of());
        Map<String, Entry> after = new HashMap<>();
        long next = version + 1;
        boolean changed = false;
        for (Map.Entry<String, ? extends JsonValue> value : values.entrySet()) {
            Entry known = before.get(value.getKey());
            boolean same = known != null && known.value().equals(value.getValue());
            after.put(value.getKey(), same ? known : new Entry(value.getValue(), next));
            changed |= !same;
        }
        parts.put(part, after);
        if (changed) {
            version = next;
        }
    }
}
