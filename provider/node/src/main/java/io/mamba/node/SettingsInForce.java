package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.WhenFull;
import io.mamba.message.Address;
import io.mamba.queue.QueueSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What was said about each destination, and what holds for it therefore. Thread-safe. */
final class SettingsInForce {
    private final DestinationSettings common;
    private final Bindings bindings;
    private final Map<Address, DestinationSettings> own = new ConcurrentHashMap<>();

    /** @param common for all destinations that say nothing else */
    SettingsInForce(DestinationSettings common, Bindings bindings) {
        this.common = common;
        this.bindings = bindings;
    }

    void put(Address address, DestinationSettings settings) {
        own.put(address, settings);
    }

    void remove(Address address) {
        own.remove(address);
    }

    /** @throws MambaException INVALID_ARGUMENT if a destination cannot have these as its own */
    static void check(Address address, DestinationSettings settings) {
        if (address.kind().isTemporary() && !settings.values().isEmpty()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT, address + " is temporary and can have no settings of its own.");
        }
        if (DeadLetters.isDeadLetterQueue(address) && settings.whenFull() == WhenFull.OLDEST_TO_DLQ) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    address + " is a dead-letter queue and has none of its own: expected whenFull=block or refuse.");
        }
    }

    /** What was said about this destination itself. */
    DestinationSettings own(Address address) {
        return own.getOrDefault(address.whole(), DestinationSettings.NONE);
    }

    /** What holds for a destination: its own settings, then the URL's. */
    DestinationSettings effective(Address address) {
        return with(address, own(address));
    }

    /** What would hold for a destination that had these as its own. */
    DestinationSettings with(Address address, DestinationSettings settings) {
        return settings.over(common(address));
    }

    private DestinationSettings common(Address address) {
        boolean special = address.kind().isTemporary() || DeadLetters.isDeadLetterQueue(address);
        return special ? common.withoutLimits() : common;
    }

    /** What of a destination stays for replay. */
    Retention retention(Address address) {
        // What is temporary shares a partition: nothing there may be kept or dropped by the whole. A bound topic is not
        // ours.
        boolean kept = address.kind().isTemporary()
                || bindings.topicOf(address.whole()).isPresent();
        return Retention.of(kept ? DestinationSettings.NONE : effective(address));
    }

    /** The rules of a destination's lanes, where no receiver has others. */
    QueueSettings rules(Address address) {
        DestinationSettings said = effective(address);
        QueueSettings standard = QueueSettings.DEFAULT;
        return new QueueSettings(
                DeadLetters.isDeadLetterQueue(address)
                        ? 0
                        : said.maxDeliveries().orElse(standard.maxDeliveries()),
                said.initialRedeliveryDelay().orElse(standard.initialRedeliveryDelay()),
                said.backOffMultiplier().orElse(standard.backOffMultiplier()),
                said.maximumRedeliveryDelay().orElse(standard.maximumRedeliveryDelay()));
    }
}
