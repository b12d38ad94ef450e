package io.mamba.ra.payara.messaging;

import io.mamba.ra.payara.Mail;
import jakarta.jms.JMSException;
import jakarta.jms.Message;

/** Beans tell what they hear by a queue of their own. */
final class Heard {
    private Heard() {}

    static String queue(String bean) {
        return "m.heard." + bean;
    }

    /** In the caller's transaction. */
    static void at(Mail mail, String bean, Message message) {
        mail.toQueue(queue(bean), text(message));
    }

    static String text(Message message) {
        try {
            return message.getBody(String.class);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
