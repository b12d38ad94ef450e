package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.MambaUrl;
import io.mamba.log.ClusterLog;
import io.mamba.log.InMemoryCluster;
import io.mamba.log.Log;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes on one log in memory, in one thread: what a node would do on a thread of its own waits until the test runs it,
 * and time passes when the test says so.
 */
final class SharedNodes {
    static final long HOLDER = 100;

    /** One node with its part of the log and its background work. */
    static final class Member implements Timers {
        final String name;
        final ClusterLog log;
        final Node node;
        private final SharedNodes nodes;
        private final Deque<Runnable> soon = new ArrayDeque<>();
        private final List<Runnable> everySecond = new ArrayList<>();
        private boolean dead;

        /** @param seen the log as the node is to see it */
        Member(SharedNodes nodes, String name, UnaryOperator<Log> seen) {
            this.nodes = nodes;
            this.name = name;
            this.log = nodes.cluster.open();
            MambaUrl url = MambaUrl.parse("mamba:file:/nowhere?node=" + name + nodes.options);
            this.node = Node.open(url, seen.apply(log), nodes.clock, this);
        }

        @Override
        public void execute(Runnable task) {
            soon.add(task);
        }

        @Override
        public void at(Instant when, Runnable task) {
            nodes.later.add(new Later(when, nodes.count++, () -> execute(task)));
        }

        @Override
        public void after(Duration delay, Runnable task) {
            at(nodes.clock.instant().plus(delay), task);
        }

        @Override
        public void every(Duration period, Runnable task) {
            everySecond.add(task);
        }

        @Override
        public void close() {
            everySecond.clear();
        }

        /** One thing of what is to do in the background; false if there is none. */
        boolean work() {
            Runnable next = dead ? null : soon.poll();
            if (next != null) {
                next.run();
            }
            return next != null;
        }

        /** The process dies, and after the session's time the others know. */
        void die() {
            kill();
            log.expire();
            nodes.work();
        }

        void kill() {
            dead = true;
            log.kill();
            nodes.members.remove(this);
        }

        void leave() {
            node.close();
            nodes.members.remove(this);
            nodes.work();
        }
    }

    private record Later(Instant at, long number, Runnable task) {}

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("tests use UTC");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    final InMemoryCluster cluster = new InMemoryCluster(Set.of("mamba.state", "mamba.branches"));
    final List<Member> members = new ArrayList<>();
    private final String options;
    private final UnaryOperator<Log> seen;
    private final SettableClock clock = new SettableClock();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>((a, b) -> a.at.equals(b.at) ? Long.compare(a.number, b.number) : a.at.compareTo(b.at));
    private long count;

    SharedNodes() {
        this("", UnaryOperator.identity());
    }

    /**
     * @param options of the nodes' URL
     * @param seen the log as each node is to see it
     */
    SharedNodes(String options, UnaryOperator<Log> seen) {
        this.options = options;
        this.seen = seen;
    }

    Member open(String name) {
        return open(name, seen);
    }

    Member open(String name, UnaryOperator<Log> itsLog) {
        Member member = new Member(this, name, itsLog);
        members.add(member);
        work();
        return member;
    }

    /** As {@link #open}, leaving what there is to do for later. */
    Member start(String name) {
        Member member = new Member(this, name, seen);
        members.add(member);
        return member;
    }

    /** Does all that the nodes would do by themselves now. */
    void work() {
        boolean any = true;
        while (any) {
            any = false;
            for (Member member : List.copyOf(members)) {
                any |= member.work();
            }
        }
    }

    /** Time passes, step by step over what is due; once at least what is done every second. */
    void pass(Duration time) {
        Instant end = clock.now.plus(time);
        while (!later.isEmpty() && !later.peek().at.isAfter(end)) {
            Later next = later.remove();
            clock.now = next.at.isAfter(clock.now) ? next.at : clock.now;
            next.task.run();
            work();
        }
        clock.now = end;
        members.forEach(member -> List.copyOf(member.everySecond).forEach(member::execute));
        work();
    }

    /** As {@link #pass}, leaving what there is to do for later. */
    void passQuietly(Duration time) {
        Instant end = clock.now.plus(time);
        while (!later.isEmpty() && !later.peek().at.isAfter(end)) {
            later.remove().task.run();
        }
        clock.now = end;
        members.forEach(member -> List.copyOf(member.everySecond).forEach(member::execute));
    }

    Instant now() {
        return clock.now;
    }

    // ---- what sessions do -----------------------------------------------------------------------------------------

    void send(Member member, Address to, String... texts) {
        for (String text : texts) {
            member.node.send(message(to, text));
        }
        work();
    }

    /** The next message, or null. */
    @Nullable
    Acquired take(Member member, Address queue) {
        return take(member, member.node.queue(queue), HOLDER);
    }

    @Nullable
    Acquired take(Member member, Lane lane, long holder) {
        member.node.awaitSeen(lane);
        work();
        Acquired found = lane.acquireNow(holder, QueueState.NO_SELECTOR);
        work();
        return found;
    }

    static String textOf(Member member, Acquired message) {
        byte[] body = member.node.read(message.lane(), message.position()).body();
        return body == null ? "" : new String(body, UTF_8);
    }

    Envelope message(Address to, String text) {
        return new Envelope(
                "ID:" + text,
                to,
                true,
                4,
                clock.millis(),
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                text.getBytes(UTF_8),
                null);
    }
}
