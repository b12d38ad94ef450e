package io.mamba.transactions;

import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** The queues in a Mamba log: payments come in, shipments are asked for. */
record Payments(String url) {
    static final String PAYMENTS = "payments";
    static final String SHIPMENTS = "shipments";

    MambaConnectionFactory factory() {
        return new MambaConnectionFactory(url);
    }

    void send(Iterable<String> orders) {
        try (JMSContext context = factory().createContext(JMSContext.SESSION_TRANSACTED)) {
            orders.forEach(order -> context.createProducer().send(context.createQueue(PAYMENTS), order));
            context.commit();
        }
    }

    /** Orders whose payment waits; a dead one waits too, for somebody to redrive it. */
    List<String> waiting() throws JMSException {
        List<String> all = browse(PAYMENTS);
        all.addAll(browse("DLQ." + PAYMENTS));
        return all;
    }

    /** Orders to be shipped, once for each message. */
    List<String> shipments() throws JMSException {
        return browse(SHIPMENTS);
    }

    /** Branches that are prepared, by their identifiers. */
    List<String> inDoubt() {
        try (MambaAdmin admin = MambaAdmin.open(url)) {
            return admin.inDoubt();
        }
    }

    /** Messages that somebody holds or that are in a transaction. */
    long inFlight() {
        try (MambaAdmin admin = MambaAdmin.open(url)) {
            return admin.destinations().stream()
                    .mapToLong(destination -> destination.inFlight())
                    .sum();
        }
    }

    private List<String> browse(String queue) throws JMSException {
        List<String> found = new ArrayList<>();
        try (JMSContext context = factory().createContext();
                QueueBrowser browser = context.createBrowser(context.createQueue(queue))) {
            Enumeration<?> messages = browser.getEnumeration();
            for (Object message : Collections.list(messages)) {
                found.add(((TextMessage) (Message) message).getText());
            }
        }
        return found;
    }
}
