package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.log.Log;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The log is away when a transaction manager tells the outcome of a branch. */
class OutcomeThatCannotBeWrittenTest {
    private static final Xid BRANCH = new Name(new byte[] {1}, new byte[] {2});

    private final ManualTimers time = new ManualTimers();
    private final Away log = new Away(new InMemoryLog(Set.of("mamba.state", "mamba.branches")));
    private final Node node = Node.open(MambaUrl.parse("mamba:file:/nowhere"), log, time, time);

    @Test
    void isToBeToldAgain() throws XAException {
        try (Client client = Client.over(node)) {
            ClientSession session = client.openSession();
            XAResource resource = client.xaResource(session);
            resource.start(BRANCH, XAResource.TMNOFLAGS);
            Objects.requireNonNull(session.branch()).send(message());
            resource.end(BRANCH, XAResource.TMSUCCESS);
            assertThat(resource.prepare(BRANCH)).isEqualTo(XAResource.XA_OK);
            log.away = true;

            assertToBeToldAgain(() -> resource.commit(BRANCH, false));
            assertToBeToldAgain(() -> resource.rollback(BRANCH));

            log.away = false;
            resource.commit(BRANCH, false);
            assertThat(node.status()).extracting(DestinationStatus::getDepth).containsExactly(1L);
        }
    }

    private static void assertToBeToldAgain(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        XAException.class,
                        refusal -> assertThat(refusal.errorCode).isEqualTo(XAException.XA_RETRY));
    }

    private static Envelope message() {
        return new Envelope(
                "ID:m",
                Address.queue("orders"),
                true,
                4,
                1,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                "m".getBytes(UTF_8),
                null);
    }

    private static final class Away extends ForwardingLog {
        private boolean away;

        Away(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> append(Batch batch, Durability level) {
            return away ? CompletableFuture.failedFuture(failure()) : super.append(batch, level);
        }

        @Override
        public long[] appendAndWait(Batch batch, Durability level) {
            if (away) {
                throw failure();
            }
            return super.appendAndWait(batch, level);
        }

        private static MambaException failure() {
            return new MambaException(ErrorCode.UNAVAILABLE, "The log is away.");
        }
    }

    private record Name(byte[] global, byte[] branch) implements Xid {
        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return global;
        }

        @Override
        public byte[] getBranchQualifier() {
            return branch;
        }
    }
}
