package io.mamba.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InMemoryLogTest extends LogContract {
    @Override
    protected Log open(Set<String> keyedTopics) {
        return new InMemoryLog(keyedTopics);
    }

    @Override
    protected Log reopen(Log log) {
        return ((InMemoryLog) log).crash(Durability.NONE);
    }

    @Override
    protected Full openFull() {
        InMemoryLog log = new InMemoryLog();
        log.onlyFor(Batch.Purpose.MOVING);
        return new Full(log, () -> log.onlyFor(Batch.Purpose.GROWING));
    }

    @Test
    void holdsAppendsUntilToldToProceed() {
        InMemoryLog log = new InMemoryLog();
        log.hold(Durability.DURABLE);

        CompletableFuture<long[]> durable = log.append(batch(record(ORDERS, "a")), Durability.DURABLE);
        CompletableFuture<long[]> written = log.append(batch(record(ORDERS, "b")), Durability.WRITTEN);

        assertThat(written).isDone();
        assertThat(durable).isNotDone();
        assertThat(log.contents()).extracting(LogContract::text).containsExactly("b");
        assertThat(log.fence(ORDERS)).isLessThan(written.join()[0]);
        log.proceed();
        assertThat(durable).isDone();
        assertThat(values(log, ORDERS)).containsExactly("a", "b");
    }

    @Test
    void keepsWhatSurvivedACrash() {
        InMemoryLog log = new InMemoryLog();
        log.appendAndWait(batch(record(ORDERS, "none")), Durability.NONE);
        log.appendAndWait(batch(record(ORDERS, "durable")), Durability.DURABLE);
        log.appendAndWait(batch(record(ORDERS, "written")), Durability.WRITTEN);

        assertThat(values(log.crash(Durability.DURABLE), ORDERS)).containsExactly("none", "durable");
    }

    @Test
    void refusesOnceWhatItWasToldTo() {
        InMemoryLog log = new InMemoryLog();
        log.failNext(new MambaException(ErrorCode.RESOURCE_LIMIT, "full"));

        assertThatThrownBy(() -> log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE))
                .hasMessage("full");
        log.appendAndWait(batch(record(ORDERS, "b")), Durability.DURABLE);
        assertThat(values(log, ORDERS)).containsExactly("b");
    }

    @Test
    void failsEverythingOnceBrokenDown() {
        InMemoryLog log = new InMemoryLog();
        log.hold(Durability.WRITTEN);
        CompletableFuture<long[]> held = log.append(batch(record(ORDERS, "a")), Durability.WRITTEN);

        log.breakDown();

        assertThat(held).isCompletedExceptionally();
        assertThatThrownBy(() -> log.fence(ORDERS)).isInstanceOf(MambaException.class);
    }
}
