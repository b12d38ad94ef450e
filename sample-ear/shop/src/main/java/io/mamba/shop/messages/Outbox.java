package io.mamba.shop.messages;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;

/** Sends letters in the transaction of the caller: they leave when it commits, or never. */
@ApplicationScoped
public class Outbox {

    @Resource(lookup = "jms/CF")
    private ConnectionFactory factory;

    public void send(Letter... letters) {
        try (JMSContext context = factory.createContext()) {
            for (Letter letter : letters) {
                JMSProducer producer = context.createProducer().setPriority(letter.priority());
                if (letter.group() != null) {
                    producer.setProperty("JMSXGroupID", letter.group());
                }
                letter.properties().forEach(producer::setProperty);
                producer.send(destination(context, letter), letter.body().toString());
            }
        }
    }

    private static Destination destination(JMSContext context, Letter letter) {
        return letter.topic() ? context.createTopic(letter.destination()) : context.createQueue(letter.destination());
    }
}
