package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Takes from a queue what its selector names. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "m.mixed"),
            @ActivationConfigProperty(
                    propertyName = "messageSelector",
                    propertyValue = "kind = 'wanted' AND size BETWEEN 1 AND 3")
        })
public class ChoosyBean implements MessageListener {
    @Inject
    private Mail mail;

    @Override
    public void onMessage(Message message) {
        Heard.at(mail, "ChoosyBean", message);
    }
}
