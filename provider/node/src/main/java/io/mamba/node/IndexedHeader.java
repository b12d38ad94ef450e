package io.mamba.node;

import io.mamba.message.Envelope;
import io.mamba.selector.Selector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Headers of which a selector may want one value, as those who wait for a reply do. */
enum IndexedHeader {
    CORRELATION_ID {
        @Override
        @Nullable
        String of(Envelope message) {
            return message.correlationId();
        }

        @Override
        Optional<String> wantedBy(Selector selector) {
            return selector.exactCorrelationId();
        }
    },
    MESSAGE_ID {
        @Override
        @Nullable
        String of(Envelope message) {
            return message.id();
        }

        @Override
        Optional<String> wantedBy(Selector selector) {
            return selector.exactMessageId();
        }
    };

    abstract @Nullable String of(Envelope message);

    abstract Optional<String> wantedBy(Selector selector);
}
