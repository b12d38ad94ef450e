package io.mamba.ra.inbound;

import io.mamba.ra.GivenProperties;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Activation properties that applications written for other adapters use: aliases of Mamba's own first, then those that
 * are accepted with one warning and have no effect. A table of accessors; what they mean is in {@link SettingsReader}.
 */
public class ForeignActivationProperties implements Serializable {
    private static final long serialVersionUID = 1L;

    protected final GivenProperties given = new GivenProperties("ActivationSpec");

    protected ForeignActivationProperties() {}

    public @Nullable String getJndiParameters() {
        return given.text("jndiParameters");
    }

    public void setJndiParameters(@Nullable String jndiParameters) {
        given.set("jndiParameters", jndiParameters);
    }

    public @Nullable String getUser() {
        return given.text("user");
    }

    public void setUser(@Nullable String user) {
        given.set("user", user);
    }

    public @Nullable Integer getMaxSessions() {
        return given.integer("maxSessions");
    }

    public void setMaxSessions(@Nullable Integer maxSessions) {
        given.set("maxSessions", maxSessions);
    }

    public @Nullable Integer getNumSessions() {
        return given.integer("numSessions");
    }

    public void setNumSessions(@Nullable Integer numSessions) {
        given.set("numSessions", numSessions);
    }

    public @Nullable Integer getEndpointPoolMaxSize() {
        return given.integer("endpointPoolMaxSize");
    }

    public void setEndpointPoolMaxSize(@Nullable Integer endpointPoolMaxSize) {
        given.set("endpointPoolMaxSize", endpointPoolMaxSize);
    }

    public @Nullable Integer getMinSession() {
        return given.integer("minSession");
    }

    public void setMinSession(@Nullable Integer minSession) {
        given.set("minSession", minSession);
    }

    public @Nullable Boolean getSingleConnection() {
        return given.flag("singleConnection");
    }

    public void setSingleConnection(@Nullable Boolean singleConnection) {
        given.set("singleConnection", singleConnection);
    }

    public @Nullable Boolean getShareSubscriptions() {
        return given.flag("shareSubscriptions");
    }

    public void setShareSubscriptions(@Nullable Boolean shareSubscriptions) {
        given.set("shareSubscriptions", shareSubscriptions);
    }

    public @Nullable String getClientID() {
        return given.text("clientID");
    }

    public void setClientID(@Nullable String clientID) {
        given.set("clientID", clientID);
    }

    public @Nullable Integer getSetupAttempts() {
        return given.integer("setupAttempts");
    }

    public void setSetupAttempts(@Nullable Integer setupAttempts) {
        given.set("setupAttempts", setupAttempts);
    }

    public @Nullable Integer getReconnectAttempts() {
        return given.integer("reconnectAttempts");
    }

    public void setReconnectAttempts(@Nullable Integer reconnectAttempts) {
        given.set("reconnectAttempts", reconnectAttempts);
    }

    public @Nullable Long getReconnectInterval() {
        return given.number("reconnectInterval");
    }

    public void setReconnectInterval(@Nullable Long reconnectInterval) {
        given.set("reconnectInterval", reconnectInterval);
    }

    public @Nullable Integer getTransactionTimeout() {
        return given.integer("transactionTimeout");
    }

    public void setTransactionTimeout(@Nullable Integer transactionTimeout) {
        given.set("transactionTimeout", transactionTimeout);
    }

    public @Nullable Boolean getUseLocalTx() {
        return given.flag("useLocalTx");
    }

    public void setUseLocalTx(@Nullable Boolean useLocalTx) {
        given.set("useLocalTx", useLocalTx);
    }

    public @Nullable Integer getMaxDeliveryAttempts() {
        return given.integer("maxDeliveryAttempts");
    }

    public void setMaxDeliveryAttempts(@Nullable Integer maxDeliveryAttempts) {
        given.set("maxDeliveryAttempts", maxDeliveryAttempts);
    }

    public @Nullable Integer getMaximumRedeliveries() {
        return given.integer("maximumRedeliveries");
    }

    public void setMaximumRedeliveries(@Nullable Integer maximumRedeliveries) {
        given.set("maximumRedeliveries", maximumRedeliveries);
    }

    public @Nullable Integer getEndpointExceptionRedeliveryAttempts() {
        return given.integer("endpointExceptionRedeliveryAttempts");
    }

    public void setEndpointExceptionRedeliveryAttempts(@Nullable Integer endpointExceptionRedeliveryAttempts) {
        given.set("endpointExceptionRedeliveryAttempts", endpointExceptionRedeliveryAttempts);
    }

    public @Nullable Long getRedeliveryDelay() {
        return given.number("redeliveryDelay");
    }

    public void setRedeliveryDelay(@Nullable Long redeliveryDelay) {
        given.set("redeliveryDelay", redeliveryDelay);
    }

    public @Nullable Long getEndpointExceptionRedeliveryInterval() {
        return given.number("endpointExceptionRedeliveryInterval");
    }

    public void setEndpointExceptionRedeliveryInterval(@Nullable Long endpointExceptionRedeliveryInterval) {
        given.set("endpointExceptionRedeliveryInterval", endpointExceptionRedeliveryInterval);
    }

    public @Nullable Boolean getUseExponentialBackOff() {
        return given.flag("useExponentialBackOff");
    }

    public void setUseExponentialBackOff(@Nullable Boolean useExponentialBackOff) {
        given.set("useExponentialBackOff", useExponentialBackOff);
    }

    public @Nullable Integer getMaxMessages() {
        return given.integer("maxMessages");
    }

    public void setMaxMessages(@Nullable Integer maxMessages) {
        given.set("maxMessages", maxMessages);
    }

    public @Nullable Integer getMessageBatchSize() {
        return given.integer("messageBatchSize");
    }

    public void setMessageBatchSize(@Nullable Integer messageBatchSize) {
        given.set("messageBatchSize", messageBatchSize);
    }

    public @Nullable String getQueuePrefix() {
        return given.text("queuePrefix");
    }

    public void setQueuePrefix(@Nullable String queuePrefix) {
        given.set("queuePrefix", queuePrefix);
    }

    public @Nullable String getTopicPrefix() {
        return given.text("topicPrefix");
    }

    public void setTopicPrefix(@Nullable String topicPrefix) {
        given.set("topicPrefix", topicPrefix);
    }

    public @Nullable String getConnectorClassName() {
        return given.text("connectorClassName");
    }

    public void setConnectorClassName(@Nullable String connectorClassName) {
        given.set("connectorClassName", connectorClassName);
    }

    public @Nullable String getConnectionParameters() {
        return given.text("connectionParameters");
    }

    public void setConnectionParameters(@Nullable String connectionParameters) {
        given.set("connectionParameters", connectionParameters);
    }

    public @Nullable String getUseDLQ() {
        return given.text("useDLQ");
    }

    public void setUseDLQ(@Nullable String useDLQ) {
        given.set("useDLQ", useDLQ);
    }

    public @Nullable String getDLQJNDIName() {
        return given.text("DLQJNDIName");
    }

    public void setDLQJNDIName(@Nullable String dlqJNDIName) {
        given.set("DLQJNDIName", dlqJNDIName);
    }

    public @Nullable String getDLQHandler() {
        return given.text("DLQHandler");
    }

    public void setDLQHandler(@Nullable String dlqHandler) {
        given.set("DLQHandler", dlqHandler);
    }

    public @Nullable String getDLQMaxResent() {
        return given.text("DLQMaxResent");
    }

    public void setDLQMaxResent(@Nullable String dlqMaxResent) {
        given.set("DLQMaxResent", dlqMaxResent);
    }

    public @Nullable String getKeepAlive() {
        return given.text("keepAlive");
    }

    public void setKeepAlive(@Nullable String keepAlive) {
        given.set("keepAlive", keepAlive);
    }

    public @Nullable String getKeepAliveMillis() {
        return given.text("keepAliveMillis");
    }

    public void setKeepAliveMillis(@Nullable String keepAliveMillis) {
        given.set("keepAliveMillis", keepAliveMillis);
    }

    public @Nullable String getProviderAdapterJNDI() {
        return given.text("providerAdapterJNDI");
    }

    public void setProviderAdapterJNDI(@Nullable String providerAdapterJNDI) {
        given.set("providerAdapterJNDI", providerAdapterJNDI);
    }
}
