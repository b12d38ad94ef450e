package io.mamba.examples;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;

public final class OrderExample {
    public static void main(String[] args) throws JMSException {
        var mamba = new MambaConnectionFactory("mamba:file:target/example-log");
        try (JMSContext context = mamba.createContext(JMSContext.CLIENT_ACKNOWLEDGE)) {
            Queue orders = context.createQueue("orders");
            context.createProducer().setProperty("customer", "Ada").send(orders, "2 x coffee");

            JMSConsumer consumer = context.createConsumer(orders, "customer = 'Ada'");
            Message order = consumer.receive(5_000);
            System.out.println("Got " + order.getBody(String.class));
            context.acknowledge();
        }
    }
}
