package io.mamba.ra.inbound;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds an endpoint's destination: the JNDI name if there is one; else {@code queue://} or {@code topic://}; else, if
 * the activation says so, the name in JNDI; else TomEE's resource of that id (it moves {@code destinationLookup} into
 * {@code destination}); else a plain name.
 */
final class DestinationResolver {
    private static final Logger LOG = System.getLogger(DestinationResolver.class.getName());
    private static final String TOMEE = "openejb:Resource/";

    private DestinationResolver() {}

    /** @throws MambaException INVALID_DESTINATION if JNDI has no such destination, at least not yet */
    static Address resolve(DestinationName wanted) {
        if (wanted.lookup() != null) {
            return lookUp(wanted.lookup(), wanted);
        }
        String name = wanted.name();
        if (name == null) {
            throw new MambaException(ErrorCode.INVALID_DESTINATION, "The activation names no destination.");
        }
        if (name.startsWith("queue://") || name.startsWith("topic://")) {
            return Address.parse(name);
        }
        if (wanted.useJndi()) {
            return lookUp(name, wanted);
        }
        try {
            return address(Jndi.lookUp(TOMEE + name, null), wanted, name);
        } catch (NamingException e) {
            LOG.log(Level.DEBUG, "Not a resource of TomEE, so a plain name: {0}", name);
            return new Address(wanted.kind(), name);
        }
    }

    private static Address lookUp(String jndiName, DestinationName wanted) {
        try {
            return address(Jndi.lookUp(jndiName, wanted.jndiParams()), wanted, jndiName);
        } catch (NamingException e) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION, "No destination with the JNDI name '" + jndiName + "': " + e, e);
        }
    }

    private static Address address(@Nullable Object found, DestinationName wanted, String name) {
        try {
            if (found instanceof Queue queue && !(found instanceof Topic && wanted.kind() == Address.Kind.TOPIC)) {
                return Address.queue(queue.getQueueName());
            }
            if (found instanceof Topic topic) {
                return Address.topic(topic.getTopicName());
            }
        } catch (JMSException e) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION, "The destination under '" + name + "' does not tell its name.", e);
        }
        throw new MambaException(
                ErrorCode.INVALID_DESTINATION,
                "Expected a queue or topic under '" + name + "', but found "
                        + (found == null ? "nothing" : found.getClass().getName()) + ".");
    }
}
