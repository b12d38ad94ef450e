package io.mamba.ra.inbound;

import io.mamba.MambaException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a message-driven bean may say about its endpoint: the standard eight activation properties and Mamba's own.
 * Names known from other adapters are in {@link ForeignActivationProperties}. All of them make one
 * {@link EndpointSettings}. Durations are milliseconds. Equal by identity, as servers and the connector specification
 * expect of it.
 */
public final class MambaActivationSpec extends ForeignActivationProperties implements ActivationSpec, Serializable {
    private static final long serialVersionUID = 1L;

    private transient @Nullable ResourceAdapter resourceAdapter;

    /** What all the properties mean; INVALID_ARGUMENT names the property and what it may be. */
    public EndpointSettings settings() {
        return SettingsReader.read(given);
    }

    @Override
    public void validate() throws InvalidPropertyException {
        try {
            settings();
        } catch (MambaException e) {
            throw new InvalidPropertyException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
        this.resourceAdapter = resourceAdapter;
    }

    public @Nullable String getDestinationLookup() {
        return given.text("destinationLookup");
    }

    public void setDestinationLookup(@Nullable String destinationLookup) {
        given.set("destinationLookup", destinationLookup);
    }

    public @Nullable String getConnectionFactoryLookup() {
        return given.text("connectionFactoryLookup");
    }

    public void setConnectionFactoryLookup(@Nullable String connectionFactoryLookup) {
        given.set("connectionFactoryLookup", connectionFactoryLookup);
    }

    public @Nullable String getDestinationType() {
        return given.text("destinationType");
    }

    public void setDestinationType(@Nullable String destinationType) {
        given.set("destinationType", destinationType);
    }

    public @Nullable String getAcknowledgeMode() {
        return given.text("acknowledgeMode");
    }

    public void setAcknowledgeMode(@Nullable String acknowledgeMode) {
        given.set("acknowledgeMode", acknowledgeMode);
    }

    public @Nullable String getMessageSelector() {
        return given.text("messageSelector");
    }

    public void setMessageSelector(@Nullable String messageSelector) {
        given.set("messageSelector", messageSelector);
    }

    public @Nullable String getSubscriptionDurability() {
        return given.text("subscriptionDurability");
    }

    public void setSubscriptionDurability(@Nullable String subscriptionDurability) {
        given.set("subscriptionDurability", subscriptionDurability);
    }

    public @Nullable String getSubscriptionName() {
        return given.text("subscriptionName");
    }

    public void setSubscriptionName(@Nullable String subscriptionName) {
        given.set("subscriptionName", subscriptionName);
    }

    public @Nullable String getClientId() {
        return given.text("clientId");
    }

    public void setClientId(@Nullable String clientId) {
        given.set("clientId", clientId);
    }

    public @Nullable String getDestination() {
        return given.text("destination");
    }

    public void setDestination(@Nullable String destination) {
        given.set("destination", destination);
    }

    public @Nullable Boolean getUseJNDI() {
        return given.flag("useJNDI");
    }

    public void setUseJNDI(@Nullable Boolean useJNDI) {
        given.set("useJNDI", useJNDI);
    }

    public @Nullable String getJndiParams() {
        return given.text("jndiParams");
    }

    public void setJndiParams(@Nullable String jndiParams) {
        given.set("jndiParams", jndiParams);
    }

    public @Nullable String getUserName() {
        return given.text("userName");
    }

    public void setUserName(@Nullable String userName) {
        given.set("userName", userName);
    }

    public @Nullable String getPassword() {
        return given.text("password");
    }

    public void setPassword(@Nullable String password) {
        given.set("password", password);
    }

    public @Nullable Integer getMaxSession() {
        return given.integer("maxSession");
    }

    public void setMaxSession(@Nullable Integer maxSession) {
        given.set("maxSession", maxSession);
    }

    public @Nullable Boolean getSharedSubscription() {
        return given.flag("sharedSubscription");
    }

    public void setSharedSubscription(@Nullable Boolean sharedSubscription) {
        given.set("sharedSubscription", sharedSubscription);
    }

    public @Nullable Integer getMaxDeliveries() {
        return given.integer("maxDeliveries");
    }

    public void setMaxDeliveries(@Nullable Integer maxDeliveries) {
        given.set("maxDeliveries", maxDeliveries);
    }

    public @Nullable Long getInitialRedeliveryDelay() {
        return given.number("initialRedeliveryDelay");
    }

    public void setInitialRedeliveryDelay(@Nullable Long initialRedeliveryDelay) {
        given.set("initialRedeliveryDelay", initialRedeliveryDelay);
    }

    public @Nullable Double getBackOffMultiplier() {
        return given.decimal("backOffMultiplier");
    }

    public void setBackOffMultiplier(@Nullable Double backOffMultiplier) {
        given.set("backOffMultiplier", backOffMultiplier);
    }

    public @Nullable Long getMaximumRedeliveryDelay() {
        return given.number("maximumRedeliveryDelay");
    }

    public void setMaximumRedeliveryDelay(@Nullable Long maximumRedeliveryDelay) {
        given.set("maximumRedeliveryDelay", maximumRedeliveryDelay);
    }

    public @Nullable String getDeadLetterDestination() {
        return given.text("deadLetterDestination");
    }

    public void setDeadLetterDestination(@Nullable String deadLetterDestination) {
        given.set("deadLetterDestination", deadLetterDestination);
    }

    public @Nullable Long getSetupInterval() {
        return given.number("setupInterval");
    }

    public void setSetupInterval(@Nullable Long setupInterval) {
        given.set("setupInterval", setupInterval);
    }

    public @Nullable Integer getBatchSize() {
        return given.integer("batchSize");
    }

    public void setBatchSize(@Nullable Integer batchSize) {
        given.set("batchSize", batchSize);
    }

    public @Nullable String getStartFrom() {
        return given.text("startFrom");
    }

    public void setStartFrom(@Nullable String startFrom) {
        given.set("startFrom", startFrom);
    }
}
