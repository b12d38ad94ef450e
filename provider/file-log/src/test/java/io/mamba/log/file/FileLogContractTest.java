package io.mamba.log.file;

import io.mamba.log.Log;
import io.mamba.log.LogContract;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class FileLogContractTest extends LogContract {
    private static final FileLogOptions SMALL =
            FileLogOptions.defaults().withSegmentBytes(1 << 20).withApplication("contract test");

    @TempDir
    private Path directory;

    private Set<String> keyed = Set.of();

    @Override
    protected Log open(Set<String> keyedTopics) {
        keyed = keyedTopics;
        return FileLog.open(directory, keyed, SMALL);
    }

    @Override
    protected Full openFull() {
        FaultyStorage disk = new FaultyStorage();
        return new Full(Journals.openFull(disk), () -> disk.limit(Long.MAX_VALUE));
    }

    @Override
    protected Log reopen(Log log) {
        log.close();
        return FileLog.open(directory, keyed, SMALL);
    }
}
