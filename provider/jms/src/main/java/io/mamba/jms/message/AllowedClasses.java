package io.mamba.jms.message;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which classes an ObjectMessage may bring into this JVM. String, boxed types, {@code java.math}, {@code java.time}, the
 * collections of {@code java.util}, and arrays of these always; others only if the option {@code objectMessageAllow}
 * names them: a comma-separated list of a class, {@code package.*} (with its subpackages), or {@code *}. Immutable.
 *
 * <p>Against bytes made to exhaust whoever reads them: arrays are not much longer than the bytes could fill, and collections
 * nest at most {@value #DEEPEST} deep, since the hash of a collection of collections takes a time that can double with each
 * level.
 */
public final class AllowedClasses {
    static final int DEEPEST = 24;

    private static final Set<String> ALWAYS = Set.of(
            "java.lang.Object",
            "java.lang.String",
            "java.lang.Boolean",
            "java.lang.Character",
            "java.lang.Number",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.Enum",
            "java.lang.Class",
            "java.util.BitSet",
            "java.util.CollSer",
            "java.util.Currency",
            "java.util.Date",
            "java.util.Locale",
            "java.util.UUID");

    private final List<String> allowed;

    private AllowedClasses(List<String> allowed) {
        this.allowed = allowed;
    }

    /** @param list the value of {@code objectMessageAllow}, or null */
    public static AllowedClasses of(@Nullable String list) {
        List<String> entries = new ArrayList<>();
        for (String entry : (list == null ? "" : list).split(",", -1)) {
            if (!entry.isBlank()) {
                entries.add(entry.trim());
            }
        }
        return new AllowedClasses(List.copyOf(entries));
    }

    boolean allows(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || always(element) || named(element.getName());
    }

    /** The object in the bytes; MessageFormatException that names the class if one is not allowed. */
    Object read(byte[] serialized) throws JMSException {
        return read(serialized, new Gate(this::allows, serialized.length));
    }

    /** As read, for bytes that this very JVM has written from an object it held. */
    static Object readOwn(byte[] serialized) throws JMSException {
        return read(serialized, null);
    }

    private static Object read(byte[] serialized, @Nullable Gate gate) throws JMSException {
        try (ObjectInputStream in = new ContextStream(new ByteArrayInputStream(serialized), gate != null)) {
            if (gate != null) {
                in.setObjectInputFilter(ObjectInputFilter.merge(gate, ObjectInputFilter.Config.getSerialFilter()));
            }
            return in.readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError e) {
            String reason = gate == null || gate.refused == null
                    ? "The object of this message cannot be read: " + e
                    : "This message brings an object " + gate.refused;
            JMSException error = Errors.of(ErrorCode.MESSAGE_FORMAT, reason);
            error.initCause(e);
            throw error;
        }
    }

    private static boolean always(Class<?> type) {
        String name = type.getName();
        if (ALWAYS.contains(name) || name.startsWith("java.math.") || name.startsWith("java.time.")) {
            return true;
        }
        boolean utility = name.startsWith("java.util.");
        return utility
                && type.getClassLoader() == null
                && (Collection.class.isAssignableFrom(type)
                        || Map.class.isAssignableFrom(type)
                        || Map.Entry.class.isAssignableFrom(type)
                        || name.startsWith("java.util.EnumSet$")
                        || name.startsWith("java.util.concurrent.ConcurrentHashMap$")
                        || name.startsWith("java.util.Collections$")
                        || name.startsWith("java.util.concurrent.locks."));
    }

    private boolean named(String name) {
        for (String entry : allowed) {
            boolean matches =
                    entry.endsWith("*") ? name.startsWith(entry.substring(0, entry.length() - 1)) : name.equals(entry);
            if (matches) {
                return true;
            }
        }
        return false;
    }

    /** Remembers what it refused, for the message of the error. One per object read. */
    private static final class Gate implements ObjectInputFilter {
        private final Predicate<Class<?>> allows;
        private final int bytes;

        private @Nullable String refused;

        private Gate(Predicate<Class<?>> allows, int bytes) {
            this.allows = allows;
            this.bytes = bytes;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            Class<?> type = info.serialClass();
            if (info.arrayLength() > 16L * bytes) { // hash tables are larger than what is in them
                return refuse("with an array of " + info.arrayLength() + " elements, more than its bytes can hold.");
            }
            if (type == null) {
                return Status.UNDECIDED;
            }
            if (allows.test(type)) {
                return Status.ALLOWED;
            }
            return refuse("of " + type.getName() + ", which is not allowed here; to allow it add objectMessageAllow="
                    + type.getName() + " to the connection URL.");
        }

        private Status refuse(String why) {
            refused = why;
            return Status.REJECTED;
        }
    }

    /** Finds classes where the application does: by the thread's context class loader first. */
    private static final class ContextStream extends ObjectInputStream {
        /** How deep each collection read so far nests: what is in it was read, and passed {@link #resolveObject}, before it. */
        private final IdentityHashMap<Object, Integer> nesting = new IdentityHashMap<>();

        private ContextStream(InputStream in, boolean guarded) throws IOException {
            super(in);
            enableResolveObject(guarded);
        }

        /** Called for each object before whatever holds it does anything with it. */
        @Override
        protected Object resolveObject(Object object) throws InvalidObjectException {
            int inner = -1;
            if (object instanceof Collection<?> collection) {
                inner = deepest(collection);
            } else if (object instanceof Map<?, ?> map) {
                inner = Math.max(deepest(map.values()), deepest(map.keySet()));
            } else if (object instanceof Map.Entry<?, ?> entry) {
                inner = Math.max(nesting(entry.getKey()), nesting(entry.getValue()));
            }
            if (inner >= DEEPEST) {
                throw new InvalidObjectException("it has collections nested more than " + DEEPEST
                        + " deep, which is not allowed, since their hash codes may take for ever");
            }
            if (inner >= 0) {
                nesting.put(object, inner + 1);
            }
            return object;
        }

        private int deepest(Iterable<?> elements) {
            int deepest = 0;
            for (Object element : elements) {
                deepest = Math.max(deepest, nesting(element));
            }
            return deepest;
        }

        private int nesting(@Nullable Object element) {
            return element == null ? 0 : nesting.getOrDefault(element, 0);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass descriptor) throws IOException, ClassNotFoundException {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            if (loader != null) {
                try {
                    return Class.forName(descriptor.getName(), false, loader);
                } catch (ClassNotFoundException e) {
                    // Primitive types and classes of Mamba's own loader are found by the default way.
                    return super.resolveClass(descriptor);
                }
            }
            return super.resolveClass(descriptor);
        }
    }
}
