package io.mamba.shop.deadletters;

import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import jakarta.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message that was given up. Cause and attempts are properties that Mamba sets; another provider may have none. */
public record DeadLetter(
        String destination,
        String id,
        @Nullable String cause,
        @Nullable String attempts,
        String body,
        Instant at) {

    private static final int SHOWN = 500;

    static DeadLetter of(String destination, Message message) {
        try {
            return new DeadLetter(
                    destination,
                    String.valueOf(message.getJMSMessageID()),
                    Letter.property(message, "JMS_Mamba_Cause"),
                    Letter.property(message, "JMS_Mamba_Attempts"),
                    message instanceof TextMessage text ? shortened(text.getText()) : "(not a text)",
                    Instant.ofEpochMilli(message.getJMSTimestamp()));
        } catch (JMSException e) {
            throw new JMSRuntimeException("A dead letter of " + destination + " cannot be read", e.getErrorCode(), e);
        }
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("destination", destination)
                .add("id", id)
                .add("cause", cause == null ? "No cause is given." : cause)
                .add("attempts", attempts == null ? "" : attempts)
                .add("body", body)
                .add("at", at.toString())
                .build();
    }

    private static String shortened(@Nullable String text) {
        String whole = String.valueOf(text);
        return whole.length() <= SHOWN ? whole : whole.substring(0, SHOWN) + "…";
    }
}
