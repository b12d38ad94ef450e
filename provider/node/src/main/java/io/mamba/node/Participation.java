package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in its log: as which member it writes, and whether it is the keeper. In a log of one node it is the keeper
 * and no member. A node that was taken for dead takes part again, as another member. Thread-safe.
 */
final class Participation implements MembershipListener {
    private static final System.Logger LOGGER = System.getLogger(Participation.class.getName());

    private final Node node;
    private final Log log;
    private final Members members;
    /** Read while something is decided and written as one member, written while the member changes. */
    private final ReadWriteLock changing = new ReentrantReadWriteLock();

    private volatile @Nullable Membership membership;
    private volatile long number;
    /** All numbers that this node has had since it was opened. */
    private final Set<Long> numbers = ConcurrentHashMap.newKeySet();

    /** The last of them of which this node has said itself that it is gone. */
    private volatile long ended;

    /** Where the log says of one of them that it is gone, as far as that has been told. */
    private final Map<Long, Long> goneAt = new ConcurrentHashMap<>();

    private volatile boolean missed;
    private volatile @Nullable Set<String> present;
    private volatile boolean live;
    private volatile boolean lost;
    private volatile boolean left;

    Participation(Node node, Log log, Members members) {
        this.node = node;
        this.log = log;
        this.members = members;
    }

    /** As which member the node writes to a shared log; 0 in a log of one node. */
    long number() {
        return number;
    }

    /** Whether this node is, or was since it was opened, the member of this number. */
    boolean wasNumber(long member) {
        return numbers.contains(member);
    }

    /**
     * Whether what this member has written at this position of the events changes nothing, as it was gone: in front of it
     * everything has been told that others wrote.
     */
    boolean wasGone(long member, long position) {
        Long gone = goneAt.get(member);
        return gone != null && gone < position;
    }

    /** Whether the log may say of this member that it is gone, in a place that this node has not been told or never will be. */
    boolean mayBeGone(long member) {
        return !goneAt.containsKey(member) && (missed || (member == ended && member != 0));
    }

    /** Events are gone that this node has not been told. Called by the events' tail. */
    void missed() {
        missed = true;
    }

    /** Whether this node does what nobody else does: expires, takes snapshots, trims, sweeps. */
    boolean isKeeper() {
        return present != null;
    }

    /** The node is opening: from here on it may write. */
    void join() {
        if (log.shared() && node.name().isEmpty()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A node of a shared log needs a name, another for each: give node=<name> in " + node.url() + ".");
        }
        Membership joined = log.join(node.name(), this);
        membership = joined;
        if (log.shared()) {
            number = append(List.of(MemberRecords.event(new MemberEvent.Joined(joined.member(), node.name()), now())));
            numbers.add(number);
        }
    }

    /** The lanes follow the log. Whoever had this node's name before cannot write any more when this returns. */
    void goLive() {
        live = true;
        if (log.shared()) {
            members.all().stream()
                    .filter(member -> member.node().equals(node.name()) && member.number() < number)
                    .forEach(this::end);
            sweep();
        }
    }

    /**
     * Runs what decides as this member and appends what follows: in between the node does not become another.
     *
     * @throws MambaException what the log says; FENCED while the node is no member
     */
    <T> T asMember(Supplier<T> work) {
        if (!log.shared()) {
            return work.get();
        }
        changing.readLock().lock();
        try {
            return work.get();
        } finally {
            changing.readLock().unlock();
        }
    }

    @Override
    public void keeper(Set<String> membersNow) {
        boolean already = present != null;
        present = Set.copyOf(membersNow);
        if (live) {
            node.execute(() -> LogWatch.orLater(this::sweep));
            if (!already) {
                node.execute(node::becameKeeper);
            }
        }
    }

    @Override
    public void keeperNoMore() {
        present = null;
    }

    @Override
    public void lost(MambaException reason) {
        present = null;
        lost = true;
        LOGGER.log(
                System.Logger.Level.WARNING,
                "The node '" + node.name() + "' was taken for dead by the others: " + reason.getMessage()
                        + ". What its sessions had received and not finished is given to others; it takes part again.");
        node.execute(this::takePartAgain);
    }

    /** The log says so of a member, in order. Called by the events' tail. */
    void heard(long position, MemberEvent event) {
        if (event instanceof MemberEvent.Gone gone && numbers.contains(gone.number())) {
            goneAt.put(gone.number(), position);
            if (gone.number() == number && gone.number() != ended && !lost) {
                lost(new MambaException(
                        ErrorCode.FENCED, "another node said so in the log, though this one is still in the group"));
            }
        }
        if (live && event instanceof MemberEvent.Joined && isKeeper()) {
            node.execute(() -> LogWatch.orLater(this::sweep));
        }
    }

    /** Says of all who have joined and are not there any more that they are gone. Blocks. */
    synchronized void sweep() {
        Set<String> there = present;
        if (there == null || left) {
            return;
        }
        for (Members.Member member : members.all()) {
            if (!there.contains(member.member()) && member.number() != number) {
                end(member);
            }
        }
    }

    /** First nothing can come from it any more, then the log says so. */
    private void end(Members.Member member) {
        Membership own = membership;
        if (own != null) {
            own.fence(member.member());
            append(List.of(MemberRecords.event(new MemberEvent.Gone(member.number()), now())));
            node.destinations().sweepTemporaries(member.number());
        }
    }

    /** Blocks until it is done, or leaves it to the next time. */
    synchronized void takePartAgain() {
        if (!lost || left) {
            return;
        }
        changing.writeLock().lock();
        try {
            node.progress().await(List.of(StateRecords.EVENTS));
            if (members.ofNode(node.name())
                    .filter(other -> other.number() > number)
                    .isPresent()) {
                left = true;
                node.stop(new MambaException(
                        ErrorCode.LOG_IN_USE,
                        "Another process takes part in " + node.url() + " under the name '" + node.name()
                                + "', and this one stops: give each node a name of its own (node=<name>)."));
                return;
            }
            Membership joined = log.join(node.name(), this);
            membership = joined;
            lost = false;
            List<LogRecord> records = new ArrayList<>();
            ended = number;
            records.add(MemberRecords.event(new MemberEvent.Gone(number), now()));
            records.add(MemberRecords.event(new MemberEvent.Joined(joined.member(), node.name()), now()));
            number = append(records);
            numbers.add(number);
            node.awaitAll();
            node.joinLanes();
            node.destinations().endTemporaries();
            node.followTemporaries();
            List<String> taken = node.names().takeAgain();
            if (!taken.isEmpty()) {
                LOGGER.log(System.Logger.Level.WARNING, "Other nodes have taken " + taken + " meanwhile.");
            }
            node.branches().ownAgain();
        } catch (MambaException refused) {
            lost = true;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "The node '" + node.name() + "' cannot take part again yet: " + refused.getMessage());
        } finally {
            changing.writeLock().unlock();
        }
    }

    /** What did not go the first time. */
    void tryAgain() {
        if (lost) {
            takePartAgain();
        } else {
            sweep();
        }
    }

    /** Returns when the node is a member; UNAVAILABLE if it has not become one again by then. */
    void awaitMember(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (!isMember()) {
            if (System.nanoTime() > until || left) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE,
                        "The node '" + node.name() + "' takes no part in " + node.url() + " at present; try again.");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Whether the node is a member as far as it knows. */
    boolean isMember() {
        return !lost && !left;
    }

    /** The node closes: what it held goes back. */
    void leave() {
        Membership joined = membership;
        boolean member = isMember();
        left = true;
        present = null;
        if (joined == null) {
            return;
        }
        try {
            if (log.shared() && member) {
                ended = number;
                append(List.of(MemberRecords.event(new MemberEvent.Gone(number), now())));
            }
        } catch (MambaException refused) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "The node '" + node.name() + "' leaves without a word: " + refused.getMessage());
        } finally {
            joined.close();
        }
    }

    /** @return the number of the member that the last record lets join */
    private long append(List<LogRecord> records) {
        long[] positions = log.appendAndWait(Batch.of(records, Batch.Purpose.SETTLING), Durability.DURABLE);
        return Members.number(positions[positions.length - 1]);
    }

    private long now() {
        return node.now().toEpochMilli();
    }
}
