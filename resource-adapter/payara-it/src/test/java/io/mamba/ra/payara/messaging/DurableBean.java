package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** A durable subscriber under a client id. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "topic://m.durable"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "durable"),
            @ActivationConfigProperty(propertyName = "clientId", propertyValue = "messaging")
        })
public class DurableBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        Heard.at(mail, "DurableBean", message);
    }
}
