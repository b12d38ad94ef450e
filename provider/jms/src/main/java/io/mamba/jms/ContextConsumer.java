package io.mamba.jms;

import io.mamba.jms.error.Errors;
import jakarta.jms.JMSConsumer;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.jspecify.annotations.Nullable;

/** The simplified API: a consumer, line by line. */
final class ContextConsumer implements JMSConsumer {
    private final MambaConsumer consumer;

    ContextConsumer(MambaConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public @Nullable String getMessageSelector() {
        return Errors.unchecked(consumer::getMessageSelector);
    }

    @Override
    public @Nullable MessageListener getMessageListener() {
        return Errors.unchecked(consumer::getMessageListener);
    }

    @Override
    public void setMessageListener(@Nullable MessageListener listener) {
        Errors.uncheck(() -> consumer.setMessageListener(listener));
    }

    @Override
    public @Nullable Message receive() {
        return Errors.unchecked(() -> consumer.receive());
    }

    @Override
    public @Nullable Message receive(long timeout) {
        return Errors.unchecked(() -> consumer.receive(timeout));
    }

    @Override
    public @Nullable Message receiveNoWait() {
        return Errors.unchecked(consumer::receiveNoWait);
    }

    @Override
    public <T> @Nullable T receiveBody(Class<T> wanted) {
        return Errors.unchecked(() -> consumer.receiveBody(wanted, 0));
    }

    @Override
    public <T> @Nullable T receiveBody(Class<T> wanted, long timeout) {
        return Errors.unchecked(() -> consumer.receiveBody(wanted, timeout));
    }

    @Override
    public <T> @Nullable T receiveBodyNoWait(Class<T> wanted) {
        return Errors.unchecked(() -> consumer.receiveBodyNoWait(wanted));
    }

    @Override
    public void close() {
        Errors.uncheck(consumer::close);
    }
}
