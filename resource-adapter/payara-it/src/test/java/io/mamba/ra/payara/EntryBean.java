package io.mamba.ra.payara;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;

/** One transaction: takes the message, enters it in the database and sends it on. The text says whether it then fails. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "jms/entries"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "maxSessions", propertyValue = "4")
        })
public class EntryBean implements MessageListener {
    @Inject
    private Ledger ledger;

    @Inject
    private Mail mail;

    @Resource
    private MessageDrivenContext context;

    @Override
    public void onMessage(Message message) {
        try {
            String text = ((TextMessage) message).getText();
            int attempt = message.getIntProperty("JMSXDeliveryCount");
            ledger.enter(text);
            mail.toQueue("it.entered", text + " at attempt " + attempt);
            if (text.startsWith("refused") || (text.startsWith("once failing") && attempt == 1)) {
                throw new IllegalStateException("refused: " + text);
            }
            if (text.startsWith("marked")) {
                context.setRollbackOnly();
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
