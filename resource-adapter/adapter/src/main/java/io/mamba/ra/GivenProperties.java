package io.mamba.ra;

import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was set on a bean, by property name, and the one place that resolves aliases: the canonical name wins over its
 * aliases, with one warning where they differ. An empty text counts as not set. Thread-safe.
 */
public final class GivenProperties implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(GivenProperties.class.getName());

    private final String bean;
    private final Map<String, Object> values = new TreeMap<>();
    private final Set<String> warned = new HashSet<>();

    /** @param bean its name for warnings */
    public GivenProperties(String bean) {
        this.bean = bean;
    }

    public synchronized void set(String name, @Nullable Object value) {
        if (value == null || (value instanceof String text && text.isBlank())) {
            values.remove(name);
        } else {
            values.put(name, value instanceof String text ? text.strip() : value);
        }
    }

    public synchronized @Nullable String text(String name) {
        return (String) values.get(name);
    }

    public synchronized @Nullable Integer integer(String name) {
        return (Integer) values.get(name);
    }

    public synchronized @Nullable Long number(String name) {
        return (Long) values.get(name);
    }

    public synchronized @Nullable Double decimal(String name) {
        return (Double) values.get(name);
    }

    public synchronized @Nullable Boolean flag(String name) {
        return (Boolean) values.get(name);
    }

    /** The name, of these in order of precedence, whose value counts; null if none is set. */
    public synchronized @Nullable String decisive(String canonical, String... aliases) {
        String winner = null;
        for (String name : names(canonical, aliases)) {
            if (!values.containsKey(name)) {
                continue;
            }
            if (winner == null) {
                winner = name;
            } else if (!Objects.equals(values.get(winner), values.get(name))) {
                warnOnce(
                        name,
                        "property '" + name + "' means the same as '" + winner + "' but differs; '" + winner
                                + "' counts.");
            }
        }
        return winner;
    }

    /** The text under the decisive name. */
    public synchronized @Nullable String resolve(String canonical, String... aliases) {
        String name = decisive(canonical, aliases);
        return name == null ? null : text(name);
    }

    /** Says once that this property, if set, has no effect. */
    public synchronized void ignore(String name, String reason) {
        if (values.containsKey(name)) {
            warnOnce(name, "property '" + name + "' has no effect: " + reason);
        }
    }

    private void warnOnce(String name, String text) {
        if (warned.add(name)) {
            LOG.log(Level.WARNING, bean + ": " + text);
        }
    }

    private static List<String> names(String canonical, String... aliases) {
        List<String> names = new ArrayList<>();
        names.add(canonical);
        names.addAll(List.of(aliases));
        return names;
    }
}
