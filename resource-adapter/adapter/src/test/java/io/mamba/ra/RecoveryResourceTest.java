package io.mamba.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.thread.Threads;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryResourceTest {
    @TempDir
    Path directory;

    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch tried = new CountDownLatch(1);
    private ErrorCode failure = ErrorCode.UNAVAILABLE;
    private int failures;
    private final RecoveryResource recovery = new RecoveryResource(this::log, Threads.own());

    private LogAccess log() {
        tried.countDown();
        if (attempts.incrementAndGet() <= failures) {
            throw new MambaException(failure, "not now");
        }
        return new LogAccess("mamba:file:" + directory, null, null);
    }

    @AfterEach
    void close() {
        recovery.close();
    }

    @Test
    void waitsForTheLogWhereAnErrorIsTakenForNoBranches() throws XAException {
        failures = 2;
        recovery.bePatient();

        assertThat(recovery.recover(XAResource.TMSTARTRSCAN)).isEmpty();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void failsAtOnceWhereTheServerAsksAgain() {
        failures = 1;

        assertFails();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void failsAtOnceWhereWaitingMendsNothing() {
        failures = 1;
        failure = ErrorCode.SECURITY;
        recovery.bePatient();

        assertFails();
    }

    @Test
    void waitsNoLongerWhenTheAdapterStops() throws InterruptedException {
        failures = Integer.MAX_VALUE;
        recovery.bePatient();
        CompletableFuture<Xid[]> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return recovery.recover(XAResource.TMSTARTRSCAN);
            } catch (XAException e) {
                throw new CompletionException(e);
            }
        });
        tried.await();

        recovery.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(XAException.class);
    }

    private void assertFails() {
        assertThatThrownBy(() -> recovery.recover(XAResource.TMSTARTRSCAN))
                .asInstanceOf(InstanceOfAssertFactories.type(XAException.class))
                .satisfies(refused -> assertThat(refused.errorCode).isEqualTo(XAException.XAER_RMFAIL));
    }
}
