package io.mamba.jms.message;

import io.mamba.message.Address;
import jakarta.jms.Destination;

/** Makes the destination object that stands for an address. */
@FunctionalInterface
public interface Destinations {
    Destination destination(Address address);
}
