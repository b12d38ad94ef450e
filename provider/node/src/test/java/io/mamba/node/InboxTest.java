package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Queue<Runnable> others = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final Inbox inbox = new Inbox(others::add, defect -> {
        throw new AssertionError(defect);
    });

    @Test
    void aLongTaskIsNotRunByTheCallerAndWhatComesAfterItWaitsForIt() {
        inbox.execute(() -> done.add("first"));
        inbox.executeElsewhere(() -> done.add("long"));
        inbox.execute(() -> done.add("last"));

        assertThat(done).containsExactly("first");
        others.remove().run();
        assertThat(done).containsExactly("first", "long", "last");
        assertThat(others).isEmpty();
    }
}
