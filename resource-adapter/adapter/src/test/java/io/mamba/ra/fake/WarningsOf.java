package io.mamba.ra.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class warns of, until closed. */
public final class WarningsOf extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> texts = new ArrayList<>();

    public WarningsOf(Class<?> type) {
        logger = Logger.getLogger(type.getName());
        logger.addHandler(this);
    }

    public synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    @Override
    public synchronized void publish(LogRecord warning) {
        if (warning.getLevel().intValue() >= Level.WARNING.intValue()) {
            texts.add(warning.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
