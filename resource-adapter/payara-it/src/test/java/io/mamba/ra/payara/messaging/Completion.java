package io.mamba.ra.payara.messaging;

import jakarta.jms.CompletionListener;
import jakarta.jms.Message;

/** A listener that is never called, since a container allows no asynchronous sends. */
enum Completion implements CompletionListener {
    NONE;

    @Override
    public void onCompletion(Message message) {
        throw new AssertionError(message);
    }

    @Override
    public void onException(Message message, Exception exception) {
        throw new AssertionError(exception);
    }
}
