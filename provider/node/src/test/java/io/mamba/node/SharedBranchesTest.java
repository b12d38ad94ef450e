package io.mamba.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.Ownership;
import io.mamba.message.Address;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Branches of nodes that have died, finished by others. */
class SharedBranchesTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final BranchId BRANCH = BranchId.of(1, new byte[] {1}, new byte[] {2});

    private final SharedNodes nodes = new SharedNodes();

    private void prepare(SharedNodes.Member member, BranchId branch, String text) {
        member.node.destinations().use(ORDERS);
        Unit unit = member.node.branches().start(branch, SharedNodes.HOLDER);
        unit.send(nodes.message(ORDERS, text));
        member.node.branches().end(branch, SharedNodes.HOLDER, false);
        assertThat(member.node.branches().prepare(branch)).isTrue();
        nodes.work();
    }

    private int waiting() {
        return nodes.cluster.contents(ORDERS.partition()).size();
    }

    private static ErrorCode codeOf(Throwable error) {
        return ((MambaException) error).code();
    }

    @Test
    void areListedByTheirNodeAndByAllOnceItIsGone() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        prepare(b, BRANCH, "m");
        assertThat(b.node.branches().inDoubt()).containsExactly(BRANCH);
        assertThat(a.node.branches().inDoubt()).isEmpty();
        assertThat(a.node.branches().inDoubtAnywhere()).containsExactly(BRANCH);

        b.die();

        assertThat(a.node.branches().inDoubt()).containsExactly(BRANCH);
        assertThat(nodes.open("c").node.branches().inDoubt()).containsExactly(BRANCH);
    }

    @Test
    void areTheirNodesAgainWhenItIsBack() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        prepare(b, BRANCH, "m");
        b.die();

        SharedNodes.Member again = nodes.open("b");

        assertThat(a.node.branches().inDoubt()).isEmpty();
        assertThat(again.node.branches().inDoubt()).containsExactly(BRANCH);
        again.node.branches().commit(BRANCH, false);
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void areCommittedByAnyOtherOnce() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        SharedNodes.Member c = nodes.open("c");
        prepare(b, BRANCH, "m");
        b.die();

        a.node.branches().commit(BRANCH, false);

        assertThat(waiting()).isEqualTo(1);
        assertThat(c.node.branches().inDoubt()).isEmpty();
        assertThatThrownBy(() -> c.node.branches().rollback(BRANCH))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNKNOWN_BRANCH));
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void haveOneOutcomeAlsoIfTwoDecideAtOnce() {
        nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        SharedNodes.Member c = nodes.open("c");
        SharedNodes.Member slow = nodes.open(
                "slow",
                log -> new WhenAcquired(
                        log, "branches/b", () -> c.node.branches().rollback(BRANCH)));
        prepare(b, BRANCH, "m");
        b.die();

        assertThatThrownBy(() -> slow.node.branches().commit(BRANCH, false))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNKNOWN_BRANCH));

        assertThat(waiting()).isZero();
        assertThat(c.node.branches().inDoubt()).isEmpty();
    }

    @Test
    void areNotFinishedByOthersWhileTheirNodeLives() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        prepare(b, BRANCH, "m");

        assertThatThrownBy(() -> a.node.branches().commit(BRANCH, false))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE));

        b.node.branches().commit(BRANCH, false);
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void ofANodeThatWasTakenForDeadAreTheirsAgainUnlessFinished() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        BranchId other = BranchId.of(1, new byte[] {3}, new byte[] {4});
        prepare(b, BRANCH, "m");
        prepare(b, other, "n");
        b.log.stall();
        b.log.expire();
        nodes.work();
        a.node.branches().commit(BRANCH, false);

        b.log.resume();
        nodes.work();

        assertThat(b.node.branches().inDoubt()).containsExactly(other);
        assertThatThrownBy(() -> b.node.branches().commit(BRANCH, false))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNKNOWN_BRANCH));
        b.node.branches().commit(other, false);
        assertThat(waiting()).isEqualTo(2);
    }

    @Test
    void aStalledNodeCannotFinishWhatAnotherHasFinished() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        prepare(b, BRANCH, "m");
        b.log.stall();
        b.log.expire();
        nodes.work();
        a.node.branches().rollback(BRANCH);

        assertThatThrownBy(() -> b.node.branches().commit(BRANCH, false)).isInstanceOf(MambaException.class);

        assertThat(waiting()).isZero();
    }

    @Test
    void whosePrepareTheLogHasTakenWithoutSayingSoAreRolledBack() {
        LateAnswers[] late = new LateAnswers[1];
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b", log -> late[0] = new LateAnswers(log));
        begin(b, "taken", "never");
        late[0].losesAnswers = true;

        assertPrepareRollsBack(b);
        late[0].losesAnswers = false;
        nodes.work();
        assertThat(a.node.branches().inDoubtAnywhere()).containsExactly(BRANCH);

        nodes.pass(Duration.ofSeconds(2));
        assertIsOver(a, b);
    }

    @Test
    void whosePrepareTheLogTakesLaterAreRolledBack() {
        LateAnswers[] late = new LateAnswers[1];
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b", log -> late[0] = new LateAnswers(log));
        begin(b, "taken", "never");
        late[0].isAway = true;

        assertPrepareRollsBack(b);
        nodes.pass(Duration.ofSeconds(5));
        late[0].comesBack();

        nodes.pass(Duration.ofSeconds(2));
        assertIsOver(a, b);
    }

    @Test
    void whoseCommitInOnePhaseMayHaveBeenTakenAreNotCalledRolledBack() {
        LateAnswers[] late = new LateAnswers[1];
        SharedNodes.Member b = nodes.open("b", log -> late[0] = new LateAnswers(log));
        begin(b, "taken", "sent");
        late[0].losesAnswers = true;

        assertThatThrownBy(() -> b.node.branches().commit(BRANCH, true))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));

        nodes.work();
        assertThat(SharedNodes.textOf(b, requireNonNull(nodes.take(b, ORDERS)))).isEqualTo("sent");
        assertThatThrownBy(() -> b.node.branches().rollback(BRANCH))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNKNOWN_BRANCH));
    }

    /** A branch that has taken one message and sends another. */
    private void begin(SharedNodes.Member member, String taken, String sent) {
        nodes.send(member, ORDERS, taken);
        Unit unit = member.node.branches().start(BRANCH, SharedNodes.HOLDER);
        Acquired message = requireNonNull(nodes.take(member, ORDERS));
        unit.take(message.lane(), SharedNodes.HOLDER, message.position());
        unit.send(nodes.message(ORDERS, sent));
        member.node.branches().end(BRANCH, SharedNodes.HOLDER, false);
    }

    private static void assertPrepareRollsBack(SharedNodes.Member member) {
        assertThatThrownBy(() -> member.node.branches().prepare(BRANCH))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.ROLLED_BACK));
    }

    private void assertIsOver(SharedNodes.Member a, SharedNodes.Member b) {
        assertThat(a.node.branches().inDoubtAnywhere()).isEmpty();
        assertThat(b.node.branches().inDoubtAnywhere()).isEmpty();
        assertThat(waiting()).isEqualTo(1);
        assertThat(nodes.take(a, ORDERS)).isNotNull();
        assertThat(nodes.take(b, ORDERS)).isNull();
    }

    /** What is written about branches comes to the log, but its answer does not come back; or it comes there only later. */
    private static final class LateAnswers extends ForwardingLog {
        private final List<Batch> held = new ArrayList<>();
        private boolean losesAnswers;
        private boolean isAway;

        LateAnswers(Log log) {
            super(log);
        }

        @Override
        public long[] appendAndWait(Batch batch, Durability level) {
            boolean transaction = batch.records().size() > 1 || !batch.relies().isEmpty();
            if (!transaction || !(losesAnswers || isAway)) {
                return super.appendAndWait(batch, level);
            }
            if (!isAway) {
                super.appendAndWait(batch, level);
            } else if (held.isEmpty()) { // what comes behind it is not begun
                held.add(batch);
            }
            throw new MambaException(ErrorCode.OUTCOME_UNKNOWN, "Whether it was written is not known.");
        }

        void comesBack() {
            isAway = false;
            held.forEach(batch -> super.appendAndWait(batch, Durability.DURABLE));
        }
    }

    /** Does something between a node's getting a right and what it does with it. */
    private static final class WhenAcquired extends ForwardingLog {
        private final String name;
        private final Runnable task;
        private boolean done;

        WhenAcquired(Log log, String name, Runnable task) {
            super(log);
            this.name = name;
            this.task = task;
        }

        @Override
        public CompletableFuture<Ownership> acquire(String wanted, Consumer<Ownership> lost) {
            CompletableFuture<Ownership> acquired = super.acquire(wanted, lost);
            if (wanted.equals(name) && !done) {
                done = true;
                task.run();
            }
            return acquired;
        }
    }
}
