package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.log.Log;
import io.mamba.log.StoredRecord;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The log without files, threads or time. */
final class MemoryEngine implements Engine {
    private final UnaryOperator<Log> defect;
    private InMemoryLog memory = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private Log log;

    /** @param defect what stands between the log and the node; gives the log itself where nothing is to be wrong */
    MemoryEngine(UnaryOperator<Log> defect) {
        this.defect = defect;
        this.log = defect.apply(memory);
    }

    @Override
    public Log log() {
        return log;
    }

    @Override
    public void crash(Survival survival) {
        memory = memory.crash(survival.survives(), survival.more(), survival.unreleased());
        log = defect.apply(memory);
    }

    @Override
    public void reopen() {
        memory = memory.crash(Durability.NONE);
        log = defect.apply(memory);
    }

    @Override
    public void failNext(MambaException refusal) {
        memory.failNext(refusal);
    }

    @Override
    public void hold(Durability from) {
        memory.hold(from);
    }

    @Override
    public void proceedOne() {
        memory.proceedOne();
    }

    @Override
    public void proceed() {
        memory.proceed();
    }

    @Override
    public int held() {
        return memory.held();
    }

    @Override
    public @Nullable Log copy() {
        return memory.held() == 0 ? defect.apply(memory.fork(Durability.NONE, 0, false)) : null;
    }

    @Override
    public List<StoredRecord> contents() {
        return memory.contents();
    }
}
