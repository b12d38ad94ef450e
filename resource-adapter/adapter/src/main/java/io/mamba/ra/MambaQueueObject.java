package io.mamba.ra;

import io.mamba.jms.MambaQueue;
import jakarta.resource.Referenceable;
import javax.naming.NamingException;
import javax.naming.Reference;
import org.jspecify.annotations.Nullable;

/** A queue as an administered object of a server; as a queue it is equal to any other of that name. */
public final class MambaQueueObject extends MambaQueue implements Referenceable {
    private static final long serialVersionUID = 1L;

    private final GivenProperties given = new GivenProperties("MambaQueueObject");
    private @Nullable Reference reference;

    private void set(String property, @Nullable String value) {
        given.set(property, value);
        String name = given.resolve("name", "physicalName", "baseQueueName");
        super.setName(name == null ? "" : name);
    }

    @Override
    public void setName(String name) {
        set("name", name);
    }

    public @Nullable String getPhysicalName() {
        return given.text("physicalName");
    }

    public void setPhysicalName(@Nullable String physicalName) {
        set("physicalName", physicalName);
    }

    public @Nullable String getBaseQueueName() {
        return given.text("baseQueueName");
    }

    public void setBaseQueueName(@Nullable String baseQueueName) {
        set("baseQueueName", baseQueueName);
    }

    /** For people; means nothing. */
    public @Nullable String getDescription() {
        return given.text("description");
    }

    public void setDescription(@Nullable String description) {
        given.set("description", description);
    }

    @Override
    public Reference getReference() throws NamingException {
        return reference == null ? super.getReference() : reference;
    }

    @Override
    public void setReference(@Nullable Reference reference) {
        this.reference = reference;
    }
}
