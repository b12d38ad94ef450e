package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.StoredRecord;
import java.util.ArrayList;
import java.util.IdentityHashMap;
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
    public List<ObservedLog.Entry> crash(Survival survival, List<ObservedLog.Entry> entries) {
        int keep = Math.min(Engine.promised(survival, entries) + survival.more(), entries.size());
        memory = memory.crash(survival.survives(), survival.more(), survival.unreleased());
        log = defect.apply(memory);
        IdentityHashMap<LogRecord, Long> positions = new IdentityHashMap<>();
        memory.contents().forEach(record -> positions.put(record.record(), record.position()));
        List<ObservedLog.Entry> survivors = new ArrayList<>(entries.subList(0, keep));
        for (ObservedLog.Entry entry : survivors) {
            if (entry.positions.length == 0) {
                entry.positions = entry.batch.records().stream()
                        .mapToLong(record -> positions.getOrDefault(record, 0L))
                        .toArray();
            }
        }
        return survivors;
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
    public void breakDown() {
        memory.breakDown();
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

    @Override
    public void close() {
        memory.close();
    }
}
