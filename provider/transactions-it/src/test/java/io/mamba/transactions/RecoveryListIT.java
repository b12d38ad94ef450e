package io.mamba.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.XAJMSContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier process left prepared, as a transaction manager that asks Mamba directly sees it. */
class RecoveryListIT {
    @TempDir
    private Path directory;

    private Payments mamba;

    @BeforeEach
    void aProcessPreparesTwoBranchesBeginsAThirdAndDies() throws IOException, InterruptedException {
        mamba = new Payments("mamba:file:" + directory);
        mamba.send(List.of("o1", "o2"));

        JavaProgram program = JavaProgram.start(PreparingProgram.class, mamba.url());

        assertThat(program.exitCode()).as("%s", program.lines()).isEqualTo(99);
        assertThat(program.lines()).containsExactly("took o1");
    }

    @Test
    void listsEachPreparedBranchUntilItIsFinished() throws Exception {
        try (XAJMSContext first = mamba.factory().createXAContext()) {
            XAResource resource = first.getXAResource();
            assertThat(inDoubt(resource)).containsExactlyInAnyOrder("forwarding", "sending");
            assertThat(inDoubt(resource)).as("asked again").containsExactlyInAnyOrder("forwarding", "sending");
            assertThat(resource.recover(XAResource.TMNOFLAGS))
                    .as("the scan goes on")
                    .isEmpty();

            resource.commit(new BranchName("forwarding"), false);
            assertThat(inDoubt(resource)).containsExactly("sending");
        }
        assertThat(mamba.waiting()).containsExactly("o2");
        assertThat(mamba.shipments()).containsExactly("o1");

        try (XAJMSContext second = mamba.factory().createXAContext()) {
            XAResource resource = second.getXAResource();
            assertThat(inDoubt(resource)).as("after one more restart").containsExactly("sending");
            resource.rollback(new BranchName("sending"));
            assertThat(inDoubt(resource)).isEmpty();
        }
        assertThat(mamba.inDoubt()).isEmpty();
        assertThat(mamba.inFlight()).isZero();
        assertThat(mamba.shipments()).containsExactly("o1");
    }

    @Test
    void aPreparedBranchKeepsItsMessagesUntilItIsRolledBack() throws Exception {
        assertThat(mamba.waiting()).as("one is prepared").containsExactly("o2");
        assertThat(mamba.shipments()).isEmpty();
        assertThat(mamba.inFlight()).isEqualTo(1);

        try (XAJMSContext context = mamba.factory().createXAContext()) {
            context.getXAResource().rollback(new BranchName("forwarding"));

            String again = context.createConsumer(context.createQueue(Payments.PAYMENTS))
                    .receiveBody(String.class, 5_000);
            assertThat(again).as("comes back, in order").isEqualTo("o1");
        }
    }

    @Test
    void aBranchThatIsFinishedOrWasNeverPreparedIsUnknown() throws Exception {
        try (XAJMSContext context = mamba.factory().createXAContext()) {
            XAResource resource = context.getXAResource();
            resource.commit(new BranchName("forwarding"), false);
            resource.rollback(new BranchName("sending"));

            for (String transaction : List.of("forwarding", "sending", "begun", "nobody's")) {
                assertUnknown(() -> resource.commit(new BranchName(transaction), false));
                assertUnknown(() -> resource.rollback(new BranchName(transaction)));
            }
        }
        assertThat(mamba.shipments()).containsExactly("o1");
    }

    @Test
    void anyResourceOfTheLogFinishesWhatAnotherPrepared() throws Exception {
        try (XAJMSContext deciding = mamba.factory().createXAContext()) {
            BranchName branch = new BranchName("of another connection");
            XAResource preparing;
            try (XAJMSContext other = mamba.factory().createXAContext()) {
                preparing = other.getXAResource();
                preparing.start(branch, XAResource.TMNOFLAGS);
                other.createProducer().send(other.createQueue(Payments.SHIPMENTS), "by another");
                preparing.end(branch, XAResource.TMSUCCESS);
                assertThat(preparing.prepare(branch)).isEqualTo(XAResource.XA_OK);
            }

            assertThat(deciding.getXAResource().isSameRM(preparing)).isTrue();
            assertThat(inDoubt(deciding.getXAResource())).contains("of another connection");
            deciding.getXAResource().commit(branch, false);

            assertThat(mamba.shipments()).containsExactly("by another");
        }
    }

    @Test
    void aResourceWhoseConnectionIsClosedFinishesABranchButListsNone() throws Exception {
        XAResource left;
        try (XAJMSContext context = mamba.factory().createXAContext()) {
            left = context.getXAResource();
        }

        assertUnavailable(() -> left.recover(XAResource.TMSTARTRSCAN));
        left.commit(new BranchName("forwarding"), false);
        left.rollback(new BranchName("sending"));
        assertThat(mamba.inDoubt()).isEmpty();
    }

    private static Stream<String> inDoubt(XAResource resource) throws XAException {
        return Stream.of(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .map(BranchName::of);
    }

    private static void assertUnknown(ThrowingCallable call) {
        assertRefused(XAException.XAER_NOTA, call);
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertRefused(XAException.XAER_RMFAIL, call);
    }

    private static void assertRefused(int code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        XAException.class,
                        refusal -> assertThat(refusal.errorCode).isEqualTo(code));
    }
}
