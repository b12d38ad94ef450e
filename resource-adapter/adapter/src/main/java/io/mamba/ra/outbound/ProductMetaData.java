package io.mamba.ra.outbound;

import jakarta.resource.spi.ManagedConnectionMetaData;

/** What a server may show about a connection. */
record ProductMetaData(String user) implements ManagedConnectionMetaData {
    @Override
    public String getEISProductName() {
        return "Mamba";
    }

    @Override
    public String getEISProductVersion() {
        return "0.1.0";
    }

    /** No limit. */
    @Override
    public int getMaxConnections() {
        return 0;
    }

    @Override
    public String getUserName() {
        return user;
    }
}
