package io.mamba.jms;

import io.mamba.MambaException;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a close: each is done whatever became of those before; the first failure is told at the end. */
final class Steps {
    private Steps() {}

    static void all(List<Errors.Action> steps) throws JMSException {
        JMSException first = null;
        for (Errors.Action step : steps) {
            try {
                step.run();
            } catch (JMSException e) {
                first = firstOf(first, e);
            } catch (MambaException e) {
                first = firstOf(first, Errors.of(e));
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static JMSException firstOf(@Nullable JMSException first, JMSException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
