package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Finds its log by a connection factory. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "m.lookedUp"),
            @ActivationConfigProperty(propertyName = "connectionFactoryLookup", propertyValue = "jms/CF")
        })
public class LookedUpBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        Heard.at(mail, "LookedUpBean", message);
    }
}
