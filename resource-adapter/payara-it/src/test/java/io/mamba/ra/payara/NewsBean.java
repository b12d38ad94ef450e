package io.mamba.ra.payara;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** A durable subscriber with a selector. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "jms/news"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Topic"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "news"),
            @ActivationConfigProperty(propertyName = "clientId", propertyValue = "it"),
            @ActivationConfigProperty(propertyName = "messageSelector", propertyValue = "JMSPriority < 9")
        })
public class NewsBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        try {
            mail.toQueue("it.read", message.getBody(String.class));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
