package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.transaction.UserTransaction;

/**
 * Shares a durable subscription and demarcates transactions itself: the message is none of their business, what it sends
 * is. The text says how it ends.
 */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "topic://m.both"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "shareSubscriptions", propertyValue = "true"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "both"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "3")
        })
@TransactionManagement(TransactionManagementType.BEAN)
public class SharedDurableBean implements MessageListener {
    private static final String NAME = "SharedDurableBean";

    @Inject
    private Mail mail;

    @Resource
    private UserTransaction transaction;

    @Override
    public void onMessage(Message message) {
        try {
            transaction.begin();
            Heard.at(mail, NAME, message);
            if (Heard.text(message).startsWith("rolled back")) {
                transaction.rollback();
                mail.toQueue(Heard.queue(NAME), "after rollback");
            } else {
                transaction.commit();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (Heard.text(message).startsWith("failing")) {
            throw new IllegalStateException("fails after its transaction");
        }
    }
}
