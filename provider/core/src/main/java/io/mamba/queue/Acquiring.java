package io.mamba.queue;

import io.mamba.queue.QueueCommand.Acquire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides one {@link Acquire}: a merge, in delivery order, of the runs in which messages stand: the untouched ones, the
 * touched ones, those whose wait is over by now, and what is set aside of groups that the holder has already.
 */
final class Acquiring {
    private final Messages messages;
    private final Acquire command;
    private final long now;
    private final int view;
    private final Scan scan;
    private final PriorityQueue<Run> runs = new PriorityQueue<>();
    private final Set<Integer> opened = new HashSet<>();
    /** By group, how many of its locks are back-offs that are over by now. */
    private final Map<Integer, Integer> ending = new HashMap<>();

    private final Outcome outcome = new Outcome();
    private final LongStream.Builder expired = LongStream.builder();
    private final LongStream.Builder parked = LongStream.builder();
    private boolean anyParked;
    private boolean anyWaitEnded;
    private boolean takenBefore;

    Acquiring(Messages messages, Acquire command, long now) {
        this.messages = messages;
        this.command = command;
        this.now = now;
        this.view = command.selector() + 1;
        this.scan = messages.waiting.scan(view);
    }

    Outcome decide() {
        add(scan);
        addTouched();
        addWaitEnded();
        messages.groups.heldBy(command.holder()).forEach(this::open);
        ending.keySet().forEach(group -> open(messages.groups.get(group)));
        Run run = runs.poll();
        while (run != null && outcome.acquired() < command.max() && !comesAlone(run.head)) {
            consider(run.head);
            run = following(run);
        }
        writeDown();
        return outcome;
    }

    /** In a shared log one claim marks a batch; what may have killed its process before does so without neighbours. */
    private boolean comesAlone(Candidate candidate) {
        return messages.isShared() && outcome.acquired() > 0 && (takenBefore || candidate.count() > 0);
    }

    /** The run that has the next candidate, after the first one of this run was used. */
    private @Nullable Run following(Run run) {
        if (!run.advance()) {
            return runs.poll();
        }
        Run other = runs.peek();
        if (other == null || run.compareTo(other) < 0) {
            return run;
        }
        runs.add(run);
        return runs.poll();
    }

    private void consider(Candidate candidate) {
        ActiveGroup group = messages.groups.get(candidate.group());
        if (candidate.expired(now)) {
            if (!messages.isShared()) { // else it is for the keeper to expire it
                expired.add(candidate.position());
            }
            open(group);
            return;
        }
        if (group != null && isBlocked(group)) {
            if (candidate.parkable()) {
                parked.add(candidate.position());
                anyParked = true;
            }
            return;
        }
        outcome.acquire(candidate);
        takenBefore |= candidate.count() > 0;
        open(group);
    }

    private boolean isBlocked(ActiveGroup group) {
        return group.blockedFor(command.holder(), ending.getOrDefault(group.number, 0));
    }

    /** What was learned about waiting messages comes before the tick, which may show some of them again. */
    private void writeDown() {
        if (anyParked || scan.worthwhile()) {
            outcome.soft(new QueueEvent.Scanned(
                    command.selector(), scan.progress(), parked.build().toArray()));
        }
        if (anyWaitEnded) {
            outcome.soft(new QueueEvent.Ticked(now));
        }
        outcome.expire(expired.build().toArray());
        if (messages.isShared()) {
            outcome.claim(command.holder(), outcome.acquiredPositions(), true);
        } else if (outcome.acquired() > 0) {
            outcome.soft(new QueueEvent.Acquired(command.holder(), outcome.acquiredPositions()));
        }
    }

    private void addTouched() {
        if (!messages.touched.ready().isEmpty()) {
            add(messages.touched.ready().stream()
                    .filter(message -> message.matches(view))
                    .map(Candidate::of)
                    .iterator());
        }
    }

    private void addWaitEnded() {
        List<Candidate> candidates = new ArrayList<>();
        for (Touched message : messages.touched.waitEnded(now)) {
            anyWaitEnded = true;
            if (message.backOffUntil != 0 && message.group != 0) {
                ending.merge(message.group, 1, Integer::sum);
            }
            if (message.matches(view) && !messages.touched.isExhausted(message)) {
                candidates.add(Candidate.of(message));
            }
        }
        messages.waiting.forEachDelayEnded(now, view, candidates::add);
        anyWaitEnded |= !candidates.isEmpty();
        candidates.sort(null);
        add(candidates.iterator());
    }

    /** What is set aside of a group is for the holder who has the group. */
    private void open(@Nullable ActiveGroup group) {
        if (group != null && !isBlocked(group)) {
            Parked ofView = group.parked(view);
            if (ofView != null && opened.add(group.number)) {
                add(new ParkedMessages(messages.waiting, ofView));
            }
        }
    }

    private void add(Iterator<Candidate> candidates) {
        if (candidates.hasNext()) {
            runs.add(new Run(candidates));
        }
    }

    /** Candidates in delivery order, of which the first is at hand. */
    private static final class Run implements Comparable<Run> {
        private final Iterator<Candidate> rest;
        private Candidate head;

        Run(Iterator<Candidate> candidates) {
            this.rest = candidates;
            this.head = candidates.next();
        }

        boolean advance() {
            if (rest.hasNext()) {
                head = rest.next();
                return true;
            }
            return false;
        }

        @Override
        public int compareTo(Run other) {
            return head.compareTo(other.head);
        }
    }
}
