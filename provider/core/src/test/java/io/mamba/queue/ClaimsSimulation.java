package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEventCodec.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A lane in several members of one shared log: each decides by what it has been told so far, proposes events, and is told
 * the log late. Members are killed and join, from the beginning or from a snapshot of another.
 */
final class ClaimsSimulation {
    /** What the simulation has to notice if somebody does it. */
    enum Defect {
        NONE,
        /** Who reads events does not ask whether their member holds the message. */
        HOLDER_UNCHECKED,
        /** A session hands out what it has claimed without waiting for the log to tell who was first. */
        CLAIM_NOT_AWAITED,
        /** A member that was silent for a while is said to be gone although it lives. */
        CLAIM_ENDED_BY_TIME,
        /** One member is not told who is gone. */
        GONE_UNHEARD
    }

    private static final QueueSettings SETTINGS =
            new QueueSettings(4, Duration.ofMillis(20), 2.0, Duration.ofMillis(80));
    private static final int SESSIONS = 2;

    private final Random random;
    private final Defect defect;
    private final List<Written> log = new ArrayList<>();
    /** By length of the log, the state of everybody who has been told so much. */
    private final Map<Integer, String> known = new HashMap<>();

    private final ClaimsModel model = new ClaimsModel();
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Boolean> outcomes = new HashMap<>();
    private long now = 1_000_000;
    private long lastMember;
    private long lastPosition;
    private int lastBranch;

    /** One node's view. */
    private final class Member {
        final long number;
        final QueueState state;
        final int selector;
        final List<Decision> underWay = new ArrayList<>();
        int told;

        Member(long number, QueueState state, int told) {
            this.number = number;
            this.state = state;
            this.told = told;
            this.selector = state.registerSelector();
            while (this.told < log.size()) {
                tell();
            }
            state.join(number);
            state.unmatched(selector, -1).forEachRemaining((long position) -> {
                if (position % 2 == 0) {
                    state.apply(new QueueEvent.Matched(selector, position));
                }
            });
        }

        void tell() {
            Written next = log.get(told++);
            for (QueueEvent event : next.events()) {
                if (defect == Defect.GONE_UNHEARD && event instanceof QueueEvent.Gone && number == lastMember) {
                    continue;
                }
                if (event instanceof Enqueued arrived) {
                    int[] matches = arrived.position() % 2 == 0 ? new int[] {selector} : new int[0];
                    state.apply(new Enqueued(
                            arrived.position(),
                            arrived.priority(),
                            arrived.group(),
                            arrived.deliverAt(),
                            arrived.expireAt(),
                            matches));
                } else {
                    state.apply(event, writerOf(event, next.member()));
                }
            }
            String text = state.fingerprint(Instant.ofEpochMilli(Long.MAX_VALUE));
            String other = known.putIfAbsent(told, text);
            assertThat(text).as("member %d behind %d records", number, told).isEqualTo(other == null ? text : other);
        }

        private long writerOf(QueueEvent event, long member) {
            if (defect == Defect.HOLDER_UNCHECKED && event instanceof QueueEvent.Settled settled) {
                long[] held =
                        Arrays.stream(settled.positions()).filter(state::holds).toArray();
                return held.length == 0 ? member : state.memberOf(held[0]);
            }
            return member;
        }

        Decision decide(QueueCommand command) {
            Decision decision = state.decide(command, Instant.ofEpochMilli(now));
            decision.soft().forEach(state::apply);
            if (!decision.events().isEmpty()) {
                underWay.add(decision);
            }
            return decision;
        }

        long[] heldBy(long session) {
            return TestLane.list(state.live()).stream()
                    .filter(position -> state.isAcquired(session, position))
                    .mapToLong(Long::longValue)
                    .toArray();
        }

        long[] someHeldBy(long session) {
            return Arrays.stream(heldBy(session))
                    .filter(position -> random.nextBoolean())
                    .toArray();
        }

        @Override
        public String toString() {
            return "member " + number;
        }
    }

    ClaimsSimulation(long seed, Defect defect) {
        this.random = new Random(seed);
        this.defect = defect;
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            join();
        }
    }

    void step() {
        Member member = any(members);
        long session = 1L + random.nextInt(SESSIONS);
        switch (random.nextInt(22)) {
            case 0, 1, 2 -> enqueue();
            case 3, 4, 5, 6 -> acquire(member, session);
            case 7 -> mark(member, session);
            case 8, 9 -> member.decide(new QueueCommand.Commit(session, member.someHeldBy(session)));
            case 10 -> release(member, session);
            case 11 ->
                member.decide(new QueueCommand.Prepare(session, "branch-" + lastBranch++, member.someHeldBy(session)));
            case 12 -> resolve(member);
            case 13 -> tick(member);
            case 14 -> now += random.nextInt(50);
            case 15 -> refuse(member);
            case 16 -> rarely(member, session);
            default -> {}
        }
        while (random.nextInt(4) > 0) {
            append(any(members));
        }
        while (random.nextInt(5) > 0) {
            Member listening = any(members);
            if (listening.told < log.size()) {
                listening.tell();
            }
        }
        check();
    }

    private void rarely(Member member, long session) {
        switch (random.nextInt(8)) {
            case 7 -> handOver(member, session);
            case 6 -> writeWithoutClaim(member);
            case 0 -> kill(member);
            case 1 -> join();
            case 2 -> member.decide(new QueueCommand.ClaimBefore(session, random.nextLong(lastPosition + 2)));
            case 3 -> {
                long[] oldest = member.someHeldBy(session);
                member.decide(new QueueCommand.Bury(session, oldest, "no room"));
            }
            case 4 -> member.decide(new QueueCommand.ReleaseAll(session));
            default -> {
                if (defect == Defect.CLAIM_ENDED_BY_TIME) {
                    write(0, List.of(new QueueEvent.Gone(member.number)));
                }
            }
        }
    }

    private void enqueue() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            lastPosition += 1 + random.nextInt(2);
            long group = random.nextInt(2) == 0 ? 0 : 1 + random.nextInt(3);
            long deliverAt = random.nextInt(8) == 0 ? now + random.nextInt(100) : 0;
            long expireAt = random.nextInt(8) == 0 ? now + 1 + random.nextInt(200) : 0;
            int priority = random.nextInt(4) == 0 ? random.nextInt(10) : 4;
            write(0, List.of(new Enqueued(lastPosition, priority, group, deliverAt, expireAt, new int[0])));
        }
    }

    private void acquire(Member member, long session) {
        int selector = random.nextBoolean() ? QueueState.NO_SELECTOR : member.selector;
        Decision decision = member.decide(new QueueCommand.Acquire(session, selector, 1 + random.nextInt(4)));
        assertThat(decision.acquired())
                .filteredOn(taken -> taken.attempt() > 1 && decision.acquired().size() > 1)
                .as("what was handed out before comes alone")
                .isEmpty();
        if (defect == Defect.CLAIM_NOT_AWAITED && !decision.acquired().isEmpty()) {
            append(member, decision);
            long[] positions = decision.acquired().stream()
                    .mapToLong(Decision.Acquisition::position)
                    .toArray();
            write(member.number, List.of(new QueueEvent.Settled(positions)));
        }
    }

    private void mark(Member member, long session) {
        for (long position : member.someHeldBy(session)) {
            member.decide(new QueueCommand.Mark(session, position));
        }
    }

    private void release(Member member, long session) {
        String cause = random.nextBoolean() ? "the listener failed" : null;
        member.decide(new QueueCommand.Release(session, member.someHeldBy(session), cause, cause != null));
    }

    /** Whoever finishes a branch, it has one outcome. */
    private void resolve(Member member) {
        List<String> branches = member.state.preparedBranches();
        if (!branches.isEmpty()) {
            String branch = any(branches);
            boolean commit = outcomes.computeIfAbsent(branch, any -> random.nextBoolean());
            member.decide(new QueueCommand.Resolve(branch, commit, random.nextBoolean() ? "rolled back" : null));
        }
    }

    private void tick(Member member) {
        member.decide(new QueueCommand.Tick(member == members.get(0)));
    }

    private void refuse(Member member) {
        if (!member.underWay.isEmpty()) {
            Decision refused = member.underWay.remove(random.nextInt(member.underWay.size()));
            for (QueueEvent event : refused.soft()) {
                if (event instanceof QueueEvent.Committing committing) {
                    member.decide(new QueueCommand.Refused(QueueState.MEMBER_ITSELF, committing.positions()));
                } else if (event instanceof QueueEvent.Claiming claiming) {
                    member.decide(new QueueCommand.Refused(claiming.holder(), claiming.positions()));
                }
            }
        }
    }

    private void handOver(Member member, long session) {
        long other = session % SESSIONS + 1;
        for (long position : member.someHeldBy(session)) {
            if (random.nextBoolean() && !member.state.isHandedOut(position)) {
                member.decide(new QueueCommand.HandOver(session, new long[] {position}, other));
                assertThat(member.state.isAcquired(other, position)).isTrue();
            }
        }
    }

    /** It changes nothing. */
    private void writeWithoutClaim(Member member) {
        long[] foreign = model.messages.keySet().stream()
                .filter(position -> random.nextInt(3) == 0 && !model.isWith(member.number, position))
                .mapToLong(Long::longValue)
                .toArray();
        write(
                member.number,
                List.of(
                        new QueueEvent.GivenBack(foreign, 0, null, true),
                        new QueueEvent.Prepared("branch-" + lastBranch++, foreign),
                        new QueueEvent.Settled(foreign)));
    }

    /** What it had under way comes into the log or not; then nothing more. */
    private void kill(Member member) {
        if (members.size() < 2) {
            return;
        }
        while (random.nextBoolean()) {
            append(member);
        }
        members.remove(member);
        write(0, List.of(new QueueEvent.Gone(member.number)));
    }

    private void join() {
        if (members.size() < 5) {
            long number = ++lastMember;
            if (members.isEmpty() || random.nextBoolean()) {
                members.add(new Member(number, new QueueState(SETTINGS, 1 + random.nextInt(8)), 0));
            } else {
                Member other = any(members);
                List<byte[]> pieces = TestLane.snapshot(other.state, 1 + random.nextInt(50));
                members.add(new Member(number, QueueState.restore(SETTINGS, pieces), other.told));
            }
        }
    }

    private void append(Member member) {
        if (!member.underWay.isEmpty()) {
            append(member, any(member.underWay));
        }
    }

    private void append(Member member, Decision decision) {
        member.underWay.remove(decision);
        for (QueueEvent event : decision.events()) {
            if (event instanceof QueueEvent.Settled settled) {
                for (long position : settled.positions()) {
                    assertThat(model.holder(position))
                            .as("who holds %d, which %s settles", position, member)
                            .isEqualTo(member.number);
                }
            }
        }
        write(
                member.number,
                QueueEventCodec.decode(QueueEventCodec.encode(member.number, decision.events()))
                        .events());
    }

    private void write(long member, List<QueueEvent> events) {
        log.add(new Written(member, events));
        events.forEach(event -> model.follow(event, member));
    }

    private void check() {
        Set<Long> delivered = new HashSet<>();
        for (Member member : members) {
            QueueCounts counts = member.state.counts();
            assertThat(counts.enqueued())
                    .isEqualTo(counts.available()
                            + counts.acquired()
                            + counts.committing()
                            + counts.prepared()
                            + counts.settled()
                            + counts.expired()
                            + counts.buried());
            if (member.told == log.size()) {
                assertThat(TestLane.list(member.state.live())).containsExactlyElementsOf(model.messages.keySet());
            }
            for (long session = 0; session <= SESSIONS; session++) {
                for (long position : member.heldBy(session)) {
                    assertThat(delivered.add(position))
                            .as("%d is with %s alone", position, member)
                            .isTrue();
                    assertThat(model.holder(position))
                            .as("who holds %d, which %s hands out", position, member)
                            .isEqualTo(member.number);
                }
            }
        }
        areAlike();
    }

    /** Times that are over count as none for those who have been told of them and for those who have not. */
    private void areAlike() {
        Map<Integer, String> texts = new HashMap<>();
        for (Member member : members) {
            String text = member.state.fingerprint(Instant.ofEpochMilli(now));
            String other = texts.putIfAbsent(member.told, text);
            assertThat(text).as(member.toString()).isEqualTo(other == null ? text : other);
        }
    }

    /** Everybody hears everything; then whatever waits comes to its end, so that nobody holds what nobody knows of. */
    void finish() {
        for (int round = 0; !model.messages.isEmpty(); round++) {
            assertThat(round)
                    .as("rounds, with %s left", model.messages.keySet())
                    .isLessThan(500);
            now += 100;
            for (Member member : List.copyOf(members)) {
                hear(member);
                tick(member);
                for (String branch : member.state.preparedBranches()) {
                    outcomes.putIfAbsent(branch, true);
                    member.decide(new QueueCommand.Resolve(branch, outcomes.get(branch), null));
                    hear(member);
                }
                for (long session = 1; session <= SESSIONS; session++) {
                    member.decide(new QueueCommand.Acquire(session, QueueState.NO_SELECTOR, 3));
                    hear(member);
                    member.decide(new QueueCommand.Commit(session, member.heldBy(session)));
                    hear(member);
                }
            }
        }
        members.forEach(member -> hear(member));
        check();
        for (Member member : members) {
            assertThat(member.state.counts().enqueued()).isEqualTo(model.arrived());
            assertThat(member.state.counts().settled()).isEqualTo(model.settled.size());
            assertThat(member.state.live()).isExhausted();
        }
    }

    private void hear(Member member) {
        while (!member.underWay.isEmpty()) {
            append(member, member.underWay.get(0));
        }
        while (member.told < log.size()) {
            member.tell();
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
