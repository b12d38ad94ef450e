package io.mamba.node;

import io.mamba.message.Envelope;
import org.jspecify.annotations.Nullable;

/** What the model knows of a message in one lane. */
final class ModelMessage {
    enum State {
        AVAILABLE,
        HELD,
        /** Its commit, settlement or prepare is being written. */
        COMMITTING,
        /** Its expiry, burial or purge is being written. */
        LEAVING,
        PREPARED,
        /** The lane has done with it. */
        ENDED
    }

    final long position;
    final Envelope envelope;
    State state = State.AVAILABLE;
    long holder;
    /** How often it was handed out. */
    int count;
    /** Handed out since it was acquired. */
    boolean marked;

    long backOffUntil;
    /** Why a listener failed with it the last time; forgotten in a crash. */
    @Nullable
    String cause;

    /** What was to settle or prepare it was refused: where that rolls back, the lane has it before the caller knows. */
    boolean refused;

    @Nullable
    String branch;

    ModelMessage(long position, Envelope envelope) {
        this.position = position;
        this.envelope = envelope;
    }

    String id() {
        return String.valueOf(envelope.id());
    }

    long group() {
        return Groups.hash(envelope.group());
    }

    long deliverAt() {
        return envelope.deliveryTime() > envelope.timestamp() ? envelope.deliveryTime() : 0;
    }

    boolean isDue(long now) {
        return deliverAt() <= now && backOffUntil <= now;
    }

    boolean isExpired(long now) {
        return envelope.expiration() != 0 && envelope.expiration() <= now;
    }

    @Override
    public String toString() {
        return position + " " + id() + " " + state + (state == State.HELD ? " by " + holder : "") + ", priority "
                + envelope.priority() + ", group " + envelope.group() + ", delivered " + count + ", from " + deliverAt()
                + ", until " + envelope.expiration() + ", back-off " + backOffUntil + ", branch " + branch;
    }
}
