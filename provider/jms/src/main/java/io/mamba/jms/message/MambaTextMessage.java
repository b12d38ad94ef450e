package io.mamba.jms.message;

import io.mamba.message.BodyType;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A TextMessage; null is a legal text. */
public final class MambaTextMessage extends MambaMessage implements TextMessage {
    private @Nullable String text;

    MambaTextMessage() {}

    @Override
    public void setText(@Nullable String text) throws JMSException {
        checkBodyWriteable();
        this.text = text;
    }

    @Override
    public @Nullable String getText() {
        return text;
    }

    @Override
    protected BodyType bodyType() {
        return BodyType.TEXT;
    }

    @Override
    protected byte @Nullable [] body() {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected void receiveBody(byte @Nullable [] body) {
        text = body == null ? null : new String(body, StandardCharsets.UTF_8);
    }

    @Override
    protected void emptyBody() {
        text = null;
    }

    @Override
    protected @Nullable Object wholeBody() {
        return text;
    }
}
