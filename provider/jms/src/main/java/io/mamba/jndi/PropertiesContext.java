package io.mamba.jndi;

import java.util.Hashtable;
import java.util.Iterator;
import java.util.Map;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.InvalidNameException;
import javax.naming.Name;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.NameParser;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import org.jspecify.annotations.Nullable;

/** A flat, read-only context over fixed bindings; a name with slashes is one name. */
// This is a JNDI context itself: nothing is looked up elsewhere or deserialized; the API wants a Hashtable.
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class PropertiesContext implements Context {
    private final Map<String, Object> bindings;
    private final Hashtable<Object, Object> environment = new Hashtable<>();

    PropertiesContext(Map<String, Object> bindings, Hashtable<?, ?> environment) {
        this.bindings = Map.copyOf(bindings);
        this.environment.putAll(environment);
    }

    @Override
    public Object lookup(String name) throws NamingException {
        if (name.isEmpty()) {
            return this;
        }
        Object bound = bindings.get(name);
        if (bound == null) {
            throw new NameNotFoundException("'" + name + "' is not bound; bound are " + bindings.keySet() + ".");
        }
        return bound;
    }

    @Override
    public Object lookup(Name name) throws NamingException {
        return lookup(name.toString());
    }

    @Override
    public Object lookupLink(Name name) throws NamingException {
        return lookup(name);
    }

    @Override
    public Object lookupLink(String name) throws NamingException {
        return lookup(name);
    }

    private Iterator<Map.Entry<String, Object>> entries(String name) throws NamingException {
        if (!name.isEmpty()) {
            throw new InvalidNameException("'" + name + "' is no context: there is only one, without a name.");
        }
        return bindings.entrySet().iterator();
    }

    @Override
    public NamingEnumeration<NameClassPair> list(String name) throws NamingException {
        Iterator<Map.Entry<String, Object>> entries = entries(name);
        return new Listing<>() {
            @Override
            public boolean hasMoreElements() {
                return entries.hasNext();
            }

            @Override
            public NameClassPair nextElement() {
                Map.Entry<String, Object> entry = entries.next();
                return new NameClassPair(
                        entry.getKey(), entry.getValue().getClass().getName());
            }
        };
    }

    @Override
    public NamingEnumeration<NameClassPair> list(Name name) throws NamingException {
        return list(name.toString());
    }

    @Override
    public NamingEnumeration<Binding> listBindings(String name) throws NamingException {
        Iterator<Map.Entry<String, Object>> entries = entries(name);
        return new Listing<>() {
            @Override
            public boolean hasMoreElements() {
                return entries.hasNext();
            }

            @Override
            public Binding nextElement() {
                Map.Entry<String, Object> entry = entries.next();
                return new Binding(entry.getKey(), entry.getValue());
            }
        };
    }

    @Override
    public NamingEnumeration<Binding> listBindings(Name name) throws NamingException {
        return listBindings(name.toString());
    }

    @Override
    public NameParser getNameParser(String name) {
        return CompositeName::new;
    }

    @Override
    public NameParser getNameParser(Name name) {
        return CompositeName::new;
    }

    @Override
    public String composeName(String name, String prefix) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    @Override
    public Name composeName(Name name, Name prefix) throws NamingException {
        return new CompositeName(composeName(name.toString(), prefix.toString()));
    }

    @Override
    public @Nullable Object addToEnvironment(String key, Object value) {
        return environment.put(key, value);
    }

    @Override
    public @Nullable Object removeFromEnvironment(String key) {
        return environment.remove(key);
    }

    @Override
    public Hashtable<?, ?> getEnvironment() {
        return new Hashtable<>(environment);
    }

    @Override
    public void close() {}

    @Override
    public String getNameInNamespace() {
        return "";
    }

    private static NamingException readOnly() {
        return new OperationNotSupportedException("This context is read-only: its environment says what it holds.");
    }

    @Override
    public void bind(Name name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void bind(String name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rebind(Name name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rebind(String name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void unbind(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void unbind(String name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rename(Name from, Name to) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rename(String from, String to) throws NamingException {
        throw readOnly();
    }

    @Override
    public void destroySubcontext(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void destroySubcontext(String name) throws NamingException {
        throw readOnly();
    }

    @Override
    public Context createSubcontext(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public Context createSubcontext(String name) throws NamingException {
        throw readOnly();
    }

    /** The half of an enumeration that is the same for all. */
    private abstract static class Listing<T> implements NamingEnumeration<T> {
        @Override
        public boolean hasMore() {
            return hasMoreElements();
        }

        @Override
        public T next() {
            return nextElement();
        }

        @Override
        public void close() {}
    }
}
