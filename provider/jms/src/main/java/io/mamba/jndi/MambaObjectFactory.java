package io.mamba.jndi;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.jms.MambaDestination;
import io.mamba.jms.MambaQueue;
import io.mamba.jms.MambaTopic;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;
import org.jspecify.annotations.Nullable;

/** Makes again what a naming service stored as a {@link Reference}. */
public final class MambaObjectFactory implements ObjectFactory {
    @Override
    public @Nullable Object getObjectInstance(
            @Nullable Object object,
            @Nullable Name name,
            @Nullable Context context,
            @Nullable Hashtable<?, ?> environment)
            throws NamingException {
        if (!(object instanceof Reference reference)) {
            return null;
        }
        String type = reference.getClassName();
        if (type.equals(MambaConnectionFactory.class.getName())) {
            MambaConnectionFactory factory = new MambaConnectionFactory(required(reference, "url"));
            factory.setUser(text(reference, "user"));
            factory.setPassword(text(reference, "password"));
            factory.setClientId(text(reference, "clientId"));
            return factory;
        } else if (type.equals(MambaQueue.class.getName())) {
            return new MambaQueue(required(reference, MambaDestination.NAME));
        } else if (type.equals(MambaTopic.class.getName())) {
            MambaTopic topic = new MambaTopic(required(reference, MambaDestination.NAME));
            topic.setStartFrom(text(reference, MambaTopic.START_FROM));
            return topic;
        }
        return null;
    }

    private static @Nullable String text(Reference reference, String key) {
        RefAddr address = reference.get(key);
        return address == null || address.getContent() == null
                ? null
                : address.getContent().toString();
    }

    private static String required(Reference reference, String key) throws NamingException {
        String text = text(reference, key);
        if (text == null) {
            throw new NamingException("The reference to a " + reference.getClassName() + " has no " + key + ".");
        }
        return text;
    }
}
