package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueCommand.Acquire;
import io.mamba.queue.QueueCommand.Bury;
import io.mamba.queue.QueueCommand.Claim;
import io.mamba.queue.QueueCommand.ClaimBefore;
import io.mamba.queue.QueueCommand.Commit;
import io.mamba.queue.QueueCommand.HandOver;
import io.mamba.queue.QueueCommand.Mark;
import io.mamba.queue.QueueCommand.Prepare;
import io.mamba.queue.QueueCommand.Purge;
import io.mamba.queue.QueueCommand.Refused;
import io.mamba.queue.QueueCommand.Release;
import io.mamba.queue.QueueCommand.ReleaseAll;
import io.mamba.queue.QueueCommand.Requeue;
import io.mamba.queue.QueueCommand.Resolve;
import io.mamba.queue.QueueCommand.Settle;
import io.mamba.queue.QueueCommand.Skip;
import io.mamba.queue.QueueCommand.Tick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What follows from each command. Reads the messages, changes nothing. */
final class Decider {
    /** How many messages one decision ends at most: a batch has to fit into memory and into the log. */
    static final int LARGEST_SWEEP = 16_384;

    private QueueSettings settings;
    private final Messages messages;

    Decider(QueueSettings settings, Messages messages) {
        this.settings = settings;
        this.messages = messages;
    }

    void settings(QueueSettings changed) {
        settings = changed;
    }

    Decision decide(QueueCommand command, long now) {
        if (command instanceof Acquire acquire) {
            return acquire(acquire, now);
        } else if (command instanceof Mark mark) {
            return mark(mark);
        } else if (command instanceof Settle settle) {
            return settle(settle);
        } else if (command instanceof Release release) {
            return release(acquired(release.holder(), release.positions()), release.cause(), release.backOff(), now);
        } else if (command instanceof ReleaseAll releaseAll) {
            return release(messages.touched.heldBy(releaseAll.holder()), null, false, now);
        } else if (command instanceof HandOver handOver) {
            return handOver(handOver);
        } else if (command instanceof Commit commit) {
            return commit(commit);
        } else if (command instanceof Prepare prepare) {
            return prepare(prepare);
        } else if (command instanceof Refused refused) {
            return refused(refused);
        } else if (command instanceof Resolve resolve) {
            return resolve(resolve, now);
        } else if (command instanceof Tick tick) {
            return messages.isShared() ? tickAmongMembers(tick.keeps(), now) : tick(now);
        } else if (command instanceof Purge purge) {
            return purge(purge);
        } else if (command instanceof Bury bury) {
            return bury(bury);
        } else if (command instanceof Skip skip) {
            return purge(availableBefore(skip.before()));
        } else if (command instanceof Requeue requeue) {
            return requeue(requeue, now);
        } else if (command instanceof Claim claim) {
            return claim(claim.holder(), claim.positions());
        } else if (command instanceof ClaimBefore claim) {
            return claim(claim.holder(), availableBefore(claim.before()));
        }
        throw new IllegalArgumentException("unknown command " + command);
    }

    private Decision acquire(Acquire command, long now) {
        Outcome outcome = new Acquiring(messages, command, now).decide();
        if (!messages.isShared()) {
            buryExhausted(outcome, now);
        }
        return outcome.decision();
    }

    private Decision mark(Mark command) {
        Touched message = acquired(command.holder(), command.position());
        Outcome outcome = new Outcome();
        if (messages.isShared()) { // the claim was the mark
            outcome.soft(new QueueEvent.HandedOut(message.position));
        } else {
            outcome.event(new QueueEvent.Delivered(message.position, message.count + 1));
        }
        return outcome.decision();
    }

    private Decision settle(Settle command) {
        acquired(command.holder(), command.positions());
        Outcome outcome = new Outcome();
        if (command.positions().length > 0) {
            outcome.event(new QueueEvent.Settled(command.positions()));
        }
        return outcome.decision();
    }

    private Decision release(Collection<Touched> held, @Nullable String cause, boolean backOff, long now) {
        Outcome outcome = new Outcome();
        if (messages.isShared()) {
            new Giving(settings, messages).giveBack(outcome, held, cause, backOff, now);
            return outcome.decision();
        }
        for (Touched message : held) {
            boolean last = message.marked && messages.touched.isExhausted(message);
            long delay = backOff && message.marked && !last
                    ? settings.redeliveryDelay(message.count).toMillis()
                    : 0;
            outcome.soft(new QueueEvent.Released(message.position, delay == 0 ? 0 : now + delay, cause));
            if (last) {
                outcome.bury(message, cause);
            }
        }
        return outcome.decision();
    }

    /** Given back and taken in one step, so that groups follow to the new holder. */
    private Decision handOver(HandOver command) {
        Outcome outcome = new Outcome();
        for (Touched message : acquired(command.holder(), command.positions())) {
            if (message.marked) {
                throw unexpected(message.position, "ACQUIRED without a delivery mark");
            }
            outcome.soft(new QueueEvent.Released(message.position, 0, null));
        }
        outcome.soft(new QueueEvent.Acquired(command.to(), command.positions()));
        return outcome.decision();
    }

    private Decision commit(Commit command) {
        acquired(command.holder(), command.positions());
        Outcome outcome = new Outcome();
        if (command.positions().length > 0) {
            outcome.soft(new QueueEvent.Committing(command.positions()));
            outcome.event(new QueueEvent.Settled(command.positions()));
        }
        return outcome.decision();
    }

    private Decision prepare(Prepare command) {
        acquired(command.holder(), command.positions());
        Outcome outcome = new Outcome();
        if (command.positions().length > 0) {
            outcome.soft(new QueueEvent.Committing(command.positions()));
            outcome.event(new QueueEvent.Prepared(command.branch(), command.positions()));
        }
        return outcome.decision();
    }

    private Decision refused(Refused command) {
        refuseRepeated(command.positions());
        LongStream.Builder back = LongStream.builder();
        LongStream.Builder unclaimed = LongStream.builder();
        Outcome outcome = new Outcome();
        for (long position : command.positions()) {
            Touched message = messages.touched.get(position);
            if (messages.isShared() && (message == null || message.state != MessageState.COMMITTING)) {
                unclaimed.add(position); // or it has gone back, because this member was taken for dead
                continue;
            }
            if (messages.state(position) != MessageState.COMMITTING) {
                throw unexpected(position, "COMMITTING");
            }
            if (message == null || !message.held) {
                outcome.soft(new QueueEvent.Released(position, 0, null));
            } else if (message.holder == command.holder()
                    || (messages.isShared() && command.holder() == QueueState.MEMBER_ITSELF)) {
                back.add(position);
            } else {
                throw unexpected(position, "COMMITTING for holder " + command.holder());
            }
        }
        long[] reacquired = back.build().toArray();
        if (reacquired.length > 0) {
            outcome.soft(new QueueEvent.Reacquired(command.holder(), reacquired));
        }
        long[] refused = unclaimed.build().toArray();
        if (refused.length > 0) {
            outcome.soft(new QueueEvent.ClaimRefused(refused));
        }
        return outcome.decision();
    }

    /** A rolled-back message at the limit is made available and buried by events of one batch. */
    private Decision resolve(Resolve command, long now) {
        Collection<Touched> prepared = messages.touched.prepared(command.branch());
        if (prepared.isEmpty()) {
            return Decision.NOTHING;
        }
        Outcome outcome = new Outcome();
        if (messages.isShared()) { // the keeper buries what is at the limit
            boolean waits = !command.commit() && command.cause() != null;
            outcome.event(new QueueEvent.Resolved(
                    command.branch(), command.commit(), waits ? latestBackOff(prepared, now) : 0));
            return outcome.decision();
        }
        outcome.event(new QueueEvent.Resolved(command.branch(), command.commit()));
        if (!command.commit()) {
            outcome.soft(new QueueEvent.BackingOff(command.branch(), command.cause() == null ? 0 : now));
            for (Touched message : prepared) {
                if (messages.touched.isExhausted(message)) {
                    outcome.buryAfterEvents(message, command.cause());
                }
            }
        }
        return outcome.decision();
    }

    private long latestBackOff(Collection<Touched> messagesOfBranch, long now) {
        long delay = messagesOfBranch.stream()
                .mapToLong(message -> settings.redeliveryDelay(message.count).toMillis())
                .max()
                .orElse(0);
        return delay == 0 ? 0 : now + delay;
    }

    private Decision tick(long now) {
        Outcome outcome = new Outcome();
        endWaits(outcome, now);
        outcome.expire(expired(now));
        buryExhausted(outcome, now);
        return outcome.decision();
    }

    private void endWaits(Outcome outcome, long now) {
        if (messages.waiting.anyDelayEnded(now)
                || !messages.touched.waitEnded(now).isEmpty()) {
            outcome.soft(new QueueEvent.Ticked(now));
        }
    }

    private long[] expired(long now) {
        LongStream.Builder expired = LongStream.builder();
        messages.waiting.forEachExpired(now, expired);
        messages.touched.expired(now).forEach(message -> expired.add(message.position));
        return expired.build().limit(LARGEST_SWEEP).sorted().toArray();
    }

    /** Messages are claimed before they are expired or buried: with that goes a copy of each, perhaps. */
    private Decision tickAmongMembers(boolean keeps, long now) {
        Outcome outcome = new Outcome();
        endWaits(outcome, now);
        endOwn(outcome, now);
        if (keeps) {
            LongStream exhausted = messages.touched.exhausted().stream()
                    .filter(message -> !message.expired(now))
                    .limit(LARGEST_SWEEP)
                    .mapToLong(message -> message.position);
            outcome.claim(
                    QueueState.MEMBER_ITSELF,
                    LongStream.concat(LongStream.of(expired(now)), exhausted).toArray(),
                    false);
        }
        return outcome.decision();
    }

    /** What the member has for no session, because of a tick before or because its giving back was refused. */
    private void endOwn(Outcome outcome, long now) {
        List<Touched> back = new ArrayList<>();
        LongStream.Builder expired = LongStream.builder();
        for (Touched message : messages.touched.heldBy(QueueState.MEMBER_ITSELF)) {
            if (message.expired(now)) {
                expired.add(message.position);
            } else if (messages.touched.isExhausted(message)) {
                outcome.bury(message, null);
            } else {
                back.add(message);
            }
        }
        outcome.expire(expired.build().sorted().toArray());
        new Giving(settings, messages).giveBack(outcome, back, null, false, now);
    }

    private Decision claim(long holder, long[] positions) {
        Outcome outcome = new Outcome();
        outcome.claim(
                holder,
                LongStream.of(positions)
                        .filter(position -> messages.state(position) == MessageState.AVAILABLE)
                        .distinct()
                        .toArray(),
                false);
        return outcome.decision();
    }

    private void buryExhausted(Outcome outcome, long now) {
        messages.touched.exhausted().stream()
                .filter(message -> !message.expired(now))
                .limit(LARGEST_SWEEP)
                .forEach(message -> outcome.bury(message, null));
    }

    private Decision purge(Purge command) {
        long[] positions = command.positions();
        if (positions.length == 0) {
            return purge(availableBefore(Long.MAX_VALUE));
        }
        requireAvailable(positions);
        return purge(positions);
    }

    private long[] availableBefore(long before) {
        return LongStream.generate(new LiveMessages(messages, -1, before - 1)::nextAvailable)
                .takeWhile(position -> position >= 0)
                .limit(LARGEST_SWEEP)
                .toArray();
    }

    private static Decision purge(long[] positions) {
        Outcome outcome = new Outcome();
        if (positions.length > 0) {
            outcome.soft(new QueueEvent.Committing(positions));
            outcome.event(new QueueEvent.Settled(positions));
        }
        return outcome.decision();
    }

    private Decision bury(Bury command) {
        if (messages.isShared()) {
            acquired(command.holder(), command.positions());
        } else {
            requireAvailable(command.positions());
        }
        Outcome outcome = new Outcome();
        for (long position : command.positions()) {
            Touched message = messages.touched.get(position);
            outcome.bury(position, message == null ? 0 : message.count, command.cause());
        }
        return outcome.decision();
    }

    private Decision requeue(Requeue command, long now) {
        List<QueueEvent.Enqueued> done = command.messages().stream()
                .filter(message -> messages.state(message.position()) == null)
                .filter(message -> message.expireAt() == 0 || message.expireAt() > now)
                .toList();
        Outcome outcome = new Outcome();
        if (!done.isEmpty()) {
            outcome.event(new QueueEvent.Requeued(done));
        }
        return outcome.decision();
    }

    private void requireAvailable(long[] positions) {
        refuseRepeated(positions);
        for (long position : positions) {
            if (messages.state(position) != MessageState.AVAILABLE) {
                throw unexpected(position, "AVAILABLE");
            }
        }
    }

    private List<Touched> acquired(long holder, long[] positions) {
        refuseRepeated(positions);
        List<Touched> held = new ArrayList<>(positions.length);
        for (long position : positions) {
            held.add(acquired(holder, position));
        }
        return held;
    }

    private Touched acquired(long holder, long position) {
        Touched message = messages.touched.get(position);
        if (message == null || message.state != MessageState.ACQUIRED || message.holder != holder) {
            throw unexpected(position, "ACQUIRED by holder " + holder);
        }
        return message;
    }

    private static void refuseRepeated(long[] positions) {
        if (positions.length > 1) {
            long[] sorted = positions.clone();
            Arrays.sort(sorted);
            for (int i = 1; i < sorted.length; i++) {
                if (sorted[i] == sorted[i - 1]) {
                    throw new MambaException(
                            ErrorCode.ILLEGAL_STATE,
                            "Expected each message once, but " + sorted[i] + " is named twice.");
                }
            }
        }
    }

    private MambaException unexpected(long position, String expected) {
        MessageState state = messages.state(position);
        Touched message = messages.touched.get(position);
        String found = state == null ? "it is not in this lane (any more)" : "it is " + state;
        if (message != null && message.held) {
            found += " by holder " + message.holder;
        }
        return new MambaException(
                ErrorCode.ILLEGAL_STATE,
                "Expected message " + position + " to be " + expected + ", but " + found + ".");
    }
}
