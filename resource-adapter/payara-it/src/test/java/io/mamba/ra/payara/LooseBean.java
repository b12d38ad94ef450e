package io.mamba.ra.payara;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;

/** Without a transaction: each message is settled when the bean returns. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.loose"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class LooseBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        try {
            String text = ((TextMessage) message).getText();
            mail.toQueue("it.loosened", text + " at attempt " + message.getIntProperty("JMSXDeliveryCount"));
            if (text.startsWith("refused")) {
                throw new IllegalArgumentException("not loose: " + text);
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
