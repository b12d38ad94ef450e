package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.queue.QueueState;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes on one log in memory, whose users send, receive, pass on in units of work and in branches, and acknowledge, while
 * nodes die, stall, start, and hear of each other late and in any order of partitions. In the end each message that was sent has
 * been passed on once to each of two queues, or acknowledged once, and all nodes know the same. All in one thread: a seed is a
 * program.
 */
final class SharedSimulation {
    private static final Address IN = Address.queue("in");
    /** What comes here is acknowledged by itself. */
    private static final Address ALONE = Address.queue("alone");

    private static final Address LEFT = Address.queue("left");
    private static final Address RIGHT = Address.queue("right");
    private static final String[] NAMES = {"a", "b", "c"};
    /** Where the users of each node receive. */
    private static final List<Address> USERS = List.of(IN, IN, ALONE);

    private static final int MOST_ROUNDS = 2_000;

    /** What happened, so that a test can see that something did. */
    record Outcome(
            int sent,
            int commits,
            int prepared,
            int acknowledged,
            int finishedElsewhere,
            int deaths,
            int stalls,
            int refused) {}

    /** A session of a node: holds at most one message. */
    private static final class User {
        final SharedNodes.Member member;
        final long holder;
        final Address from;
        boolean asking;

        @Nullable
        Acquired held;

        User(SharedNodes.Member member, long holder, Address from) {
            this.member = member;
            this.holder = holder;
            this.from = from;
        }
    }

    private record Prepared(BranchId id, SharedNodes.Member by) {}

    private final Random random;
    private final SharedNodes nodes;
    private final Map<String, SharedNodes.Member> living = new TreeMap<>();
    private final List<SharedNodes.Member> deadUnknown = new ArrayList<>();
    private final List<SharedNodes.Member> stalled = new ArrayList<>();
    private final List<User> users = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final List<String> sentAlone = new ArrayList<>();
    /** How often each was acknowledged. */
    private final Map<String, Integer> acknowledged = new HashMap<>();
    /** Of which nobody knows whether they were. */
    private final Set<String> perhapsAcknowledged = new HashSet<>();

    private final Map<BranchId, Prepared> prepared = new LinkedHashMap<>();
    private long holders = SharedNodes.HOLDER;
    private boolean interleaving;
    private int branches;
    private int commits;
    private int preparations;
    private int finishedElsewhere;
    private int deaths;
    private int stalls;
    private int refused;

    /** @param defect what stands between the log and each node */
    SharedSimulation(long seed, UnaryOperator<Log> defect) {
        random = new Random(seed);
        nodes = new SharedNodes("&maxDeliveries=0", log -> new Interleaved(defect.apply(log)));
    }

    /** Between reading the branches and finishing one, others may do the same. */
    private final class Interleaved extends ForwardingLog {
        Interleaved(Log log) {
            super(log);
        }

        @Override
        public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
            super.latest(keyed, consumer);
            if (keyed.equals(StateRecords.BRANCHES) && !interleaving && chance(30)) {
                interleaving = true;
                finish();
                interleaving = false;
            }
        }
    }

    Outcome run(int steps) {
        for (String name : NAMES) {
            start(name);
        }
        for (int i = 0; i < steps; i++) {
            step();
        }
        end();
        check();
        return new Outcome(
                sent.size() + sentAlone.size(),
                commits,
                preparations,
                acknowledged.size(),
                finishedElsewhere,
                deaths,
                stalls,
                refused);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> @Nullable T any(List<T> list) {
        return list.isEmpty() ? null : list.get(random.nextInt(list.size()));
    }

    private SharedNodes.@Nullable Member anyMember() {
        return any(List.copyOf(living.values()));
    }

    private void start(String name) {
        SharedNodes.Member member = nodes.start(name);
        member.log.delay();
        living.put(name, member);
        USERS.forEach(from -> users.add(new User(member, ++holders, from)));
    }

    // ---- what happens ---------------------------------------------------------------------------------------------

    /** A node that has missed events is opened again. */
    private void reopenStopped() {
        for (SharedNodes.Member member : List.copyOf(living.values())) {
            if (member.node.hasFailed()) {
                kill(member);
                member.log.expire();
                deadUnknown.remove(member);
                start(member.name);
            }
        }
    }

    private void step() {
        reopenStopped();
        int kind = random.nextInt(100);
        SharedNodes.Member member = anyMember();
        if (member == null || kind < 2) {
            startOrStop();
        } else if (kind < 12) {
            send(member);
        } else if (kind < 40) {
            use();
        } else if (kind < 65) {
            tell(member);
        } else if (kind < 88) {
            member.work();
        } else if (kind < 91) {
            finish();
        } else if (kind < 94) {
            stallOrResume(member);
        } else if (kind < 97) {
            nodes.passQuietly(Duration.ofSeconds(1));
        } else if (kind < 98) {
            checkpoint(member);
        } else {
            notice();
        }
    }

    private void startOrStop() {
        List<String> dead = new ArrayList<>(List.of(NAMES));
        dead.removeAll(living.keySet());
        String name = any(dead);
        if (name != null && chance(60)) {
            start(name);
        } else if (!living.isEmpty()) {
            kill(any(List.copyOf(living.values())));
        }
    }

    private void kill(SharedNodes.@Nullable Member member) {
        if (member != null) {
            deaths++;
            member.kill();
            living.remove(member.name);
            stalled.remove(member);
            deadUnknown.add(member);
            users.removeIf(user -> user.member == member);
        }
    }

    /** The others notice that one has died. */
    private void notice() {
        SharedNodes.Member member = any(deadUnknown);
        if (member != null) {
            deadUnknown.remove(member);
            member.log.expire();
        }
    }

    private void stallOrResume(SharedNodes.Member member) {
        if (!stalled.contains(member)) {
            stalls++;
            member.log.stall();
            stalled.add(member);
        } else if (chance(50)) {
            member.log.expire();
        } else {
            stalled.remove(member);
            member.log.resume();
        }
    }

    private void tell(SharedNodes.Member member) {
        Partition partition = any(member.log.untold());
        if (partition != null && !stalled.contains(member)) {
            member.log.tell(partition);
        }
    }

    private void send(SharedNodes.Member member) {
        boolean alone = chance(30);
        List<String> all = alone ? sentAlone : sent;
        String text = (alone ? "a" : "m") + all.size();
        if (attempt(() -> member.node.send(nodes.message(alone ? ALONE : IN, text)))) {
            all.add(text);
        }
    }

    private void checkpoint(SharedNodes.Member member) {
        if (member.node.participation().isKeeper()) {
            attempt(member.node::checkpoint);
        }
    }

    private boolean attempt(Runnable call) {
        try {
            call.run();
            return true;
        } catch (MambaException error) {
            if (error.code().category() == ErrorCode.Category.FATAL) {
                throw error;
            }
            refused++;
            return false;
        }
    }

    private void use() {
        User user = any(users);
        if (user == null) {
            return;
        }
        Acquired held = user.held;
        if (held == null) {
            ask(user);
        } else if (chance(15)) {
            user.held = null;
            giveBack(user, held);
        } else if (user.from.equals(ALONE)) {
            user.held = null;
            acknowledge(user, held);
        } else if (chance(40)) {
            user.held = null;
            prepare(user, held);
        } else if (chance(60)) {
            user.held = null;
            commit(user, held);
        }
    }

    private void ask(User user) {
        if (!user.asking) {
            user.asking = true;
            attempt(() -> user.member
                    .node
                    .queue(user.from)
                    .demand(new Demand(user.holder, QueueState.NO_SELECTOR, message -> {
                        user.asking = false;
                        user.held = message;
                    })));
        }
    }

    private void giveBack(User user, Acquired held) {
        attempt(() -> user.member.node.release(held.lane(), user.holder, new long[] {held.position()}, null));
    }

    private void acknowledge(User user, Acquired held) {
        boolean done = attempt(() -> {
            String text = text(user.member, held);
            try {
                user.member.node.settle(held.lane(), user.holder, new long[] {held.position()}, Durability.DURABLE);
                acknowledged.merge(text, 1, Integer::sum);
            } catch (MambaException error) {
                if (error.code() == ErrorCode.OUTCOME_UNKNOWN) {
                    perhapsAcknowledged.add(text);
                }
                throw error;
            }
        });
        if (!done) {
            giveBack(user, held);
        }
    }

    private void fill(Unit unit, User user, Acquired held) {
        String text = text(user.member, held);
        unit.take(held.lane(), user.holder, held.position());
        unit.send(nodes.message(LEFT, text));
        unit.send(nodes.message(RIGHT, text));
    }

    private static String text(SharedNodes.Member member, Acquired held) {
        return SharedNodes.textOf(member, held);
    }

    private void commit(User user, Acquired held) {
        Node node = user.member.node;
        Unit unit = node.newUnit();
        boolean done = attempt(() -> {
            fill(unit, user, held);
            node.commit(unit);
        });
        if (done) {
            commits++;
        } else {
            attempt(() -> node.rollback(unit));
        }
    }

    private void prepare(User user, Acquired held) {
        Branches there = user.member.node.branches();
        BranchId id = BranchId.of(1, new byte[] {(byte) (++branches >> 8), (byte) branches}, new byte[] {1});
        boolean done = attempt(() -> {
            fill(there.start(id, user.holder), user, held);
            there.end(id, user.holder, false);
            there.prepare(id);
        });
        if (done) {
            preparations++;
            prepared.put(id, new Prepared(id, user.member));
        } else {
            attempt(() -> there.rollback(id));
        }
    }

    /** By the node that prepared it, or by one that lists it. */
    private void finish() {
        Prepared branch = any(List.copyOf(prepared.values()));
        if (branch == null) {
            return;
        }
        SharedNodes.Member by = living.get(branch.by.name) == branch.by ? branch.by : anyMember();
        if (by != null && by.node.participation().isMember()) {
            finish(by, branch, chance(50));
        }
    }

    private void finish(SharedNodes.Member by, Prepared branch, boolean commit) {
        try {
            if (commit) {
                by.node.branches().commit(branch.id, false);
            } else {
                by.node.branches().rollback(branch.id);
            }
            finishedElsewhere += by == branch.by ? 0 : 1;
            prepared.remove(branch.id);
        } catch (MambaException error) {
            if (error.code() == ErrorCode.UNKNOWN_BRANCH && prepared.containsKey(branch.id)) {
                throw new AssertionError("Branch " + branch.id + " has vanished", error);
            }
            refused++;
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    private void end() {
        interleaving = true; // no more
        List.copyOf(deadUnknown).forEach(member -> member.log.expire());
        stalled.forEach(member -> member.log.resume());
        if (living.isEmpty()) {
            start(NAMES[0]);
        }
        living.values().forEach(member -> member.log.delayNoMore());
        reopenStopped();
        living.values().forEach(member -> member.log.delayNoMore());
        nodes.pass(Duration.ofSeconds(2));
        nodes.pass(Duration.ofSeconds(2));
        SharedNodes.Member last = living.values().iterator().next();
        for (SharedNodes.Member member : living.values()) {
            for (BranchId id : member.node.branches().inDoubt()) {
                member.node.branches().commit(id, false);
                prepared.remove(id);
            }
            nodes.work();
        }
        for (int round = 0; depth(last, IN) + depth(last, ALONE) > 0; round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("Messages are not delivered: " + fingerprint(last));
            }
            for (User user : List.copyOf(users)) {
                Acquired held = user.held;
                user.held = null;
                if (held == null) {
                    ask(user);
                } else if (user.from.equals(ALONE)) {
                    acknowledge(user, held);
                } else {
                    commit(user, held);
                }
                nodes.work();
            }
            nodes.pass(Duration.ofSeconds(1));
        }
    }

    private static long depth(SharedNodes.Member member, Address queue) {
        Lane lane = member.node.queue(queue);
        return lane.owner().inbox().ask(lane::depth);
    }

    private String fingerprint(SharedNodes.Member member) {
        StringBuilder all = new StringBuilder();
        for (Address queue : List.of(IN, ALONE, LEFT, RIGHT)) {
            Lane lane = member.node.queue(queue);
            // How many were settled is known only as far back as there are records.
            all.append(lane.owner()
                    .inbox()
                    .ask(() -> lane.state().fingerprint(nodes.now()))
                    .replaceFirst("settled .*", queue.toString()));
        }
        return all.toString();
    }

    private void check() {
        if (!prepared.isEmpty()) {
            throw new AssertionError("No node lists the branches " + prepared.keySet());
        }
        checkPassedOn(LEFT);
        checkPassedOn(RIGHT);
        for (String text : sentAlone) {
            int count = acknowledged.getOrDefault(text, 0);
            if (count > 1 || (count == 0 && !perhapsAcknowledged.contains(text))) {
                throw new AssertionError(text + " was acknowledged " + count + " times");
            }
        }
        SharedNodes.Member fresh = nodes.open("fresh");
        String expected = fingerprint(fresh);
        for (SharedNodes.Member member : living.values()) {
            if (!fingerprint(member).equals(expected)) {
                throw new AssertionError(
                        "Node " + member.name + " knows " + fingerprint(member) + " where a new one knows " + expected);
            }
        }
    }

    private void checkPassedOn(Address to) {
        Map<String, Integer> counts = new HashMap<>();
        nodes.cluster
                .contents(to.partition())
                .forEach(record -> counts.merge(text(record.record().value()), 1, Integer::sum));
        for (String text : sent) {
            int count = counts.getOrDefault(text, 0);
            if (count != 1) {
                throw new AssertionError(text + " came to " + to + " " + count + " times");
            }
        }
        if (counts.size() != sent.size()) {
            throw new AssertionError("Came to " + to + " without having been sent: " + counts.keySet());
        }
    }

    private static String text(byte @Nullable [] body) {
        return body == null ? "" : new String(body, UTF_8);
    }
}
