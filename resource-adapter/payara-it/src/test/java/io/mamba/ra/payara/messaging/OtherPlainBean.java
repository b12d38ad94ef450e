package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Another plain subscriber of the same topic. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "jms/prices"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Topic")
        })
public class OtherPlainBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        Heard.at(mail, "OtherPlainBean", message);
    }
}
