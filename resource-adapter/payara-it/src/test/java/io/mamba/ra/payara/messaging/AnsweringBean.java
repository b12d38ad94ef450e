package io.mamba.ra.payara.messaging;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Answers requests by an injected context, in the transaction of the message; fails the first attempt after answering. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "m.requests")
        })
public class AnsweringBean implements MessageListener {
    @Inject
    @JMSConnectionFactory("jms/CF")
    private JMSContext context;

    @Override
    public void onMessage(Message request) {
        try {
            context.createProducer()
                    .setJMSCorrelationID(request.getJMSMessageID())
                    .send(request.getJMSReplyTo(), "re: " + request.getBody(String.class));
            if (!request.getJMSRedelivered()) {
                throw new IllegalStateException("not at the first attempt");
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
