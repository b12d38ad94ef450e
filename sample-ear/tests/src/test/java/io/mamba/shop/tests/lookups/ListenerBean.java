package io.mamba.shop.tests.lookups;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/** {@code destinationLookup}. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "jms/orders"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue")
        })
public class ListenerBean implements MessageListener {
    static final LinkedBlockingQueue<String> HEARD = new LinkedBlockingQueue<>();

    @Override
    public void onMessage(Message message) {
        try {
            HEARD.add(message.getBody(String.class) + " in " + ((Queue) message.getJMSDestination()).getQueueName());
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
