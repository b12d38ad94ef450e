package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.message.Envelope;
import io.mamba.queue.Load;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends outside of transactions: by the destination's gate straight to the log. Thread-safe. */
final class Sending {
    private final Node node;
    private final Log log;

    Sending(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    void send(Envelope message, Sender sender) {
        PartitionOwner owner = node.destinations().ownerFor(message, sender.number());
        LogRecord record = node.destinations().record(node.destinations().limitAge(message), sender.number());
        Load load = Admission.load(record);
        owner.gate().enter(load, Load.NONE, sender);
        boolean sent = false;
        try {
            log.appendAndWait(Batch.of(List.of(record)), levelOf(message, owner));
            sent = true;
        } catch (MambaException refused) {
            throw node.failed(refusal(refused, owner, load));
        } finally {
            end(owner.gate(), load, sent);
        }
    }

    CompletableFuture<Void> sendAsync(Envelope message, Sender sender) {
        PartitionOwner owner = node.destinations().ownerFor(message, sender.number());
        LogRecord record = node.destinations().record(node.destinations().limitAge(message), sender.number());
        Load load = Admission.load(record);
        owner.gate().enter(load, Load.NONE, sender);
        return log.append(Batch.of(List.of(record)), levelOf(message, owner)).handle((positions, refused) -> {
            end(owner.gate(), load, refused == null);
            if (refused != null) {
                throw node.failed(refusal(Futures.error(refused), owner, load));
            }
            return null;
        });
    }

    private static void end(Gate gate, Load load, boolean sent) {
        if (sent) {
            gate.done(load);
        } else {
            gate.refused(load);
        }
    }

    /** The log speaks of its space; the sender wants to know what of his. */
    private static MambaException refusal(MambaException refused, PartitionOwner owner, Load load) {
        return refused.code() == ErrorCode.RESOURCE_LIMIT
                ? new MambaException(
                        ErrorCode.RESOURCE_LIMIT,
                        "A message of " + load.bytes() + " bytes for "
                                + owner.address().whole() + " was refused: " + refused.getMessage(),
                        refused)
                : refused;
    }

    private static Durability levelOf(Envelope message, PartitionOwner owner) {
        if (!message.persistent()) {
            return Durability.NONE;
        }
        return owner.isDurable() ? Durability.DURABLE : Durability.WRITTEN;
    }
}
