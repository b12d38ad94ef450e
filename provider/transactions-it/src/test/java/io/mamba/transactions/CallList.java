package io.mamba.transactions;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a transaction manager asked of its resources. */
final class CallList implements ObservedResource.Observer {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void before(String call) {
        calls.add(call);
    }

    @Override
    public void after(String call) {}

    /** All calls so far, without the forgotten ones. */
    List<String> all() {
        return List.copyOf(calls);
    }

    /** How the transaction was ended: without starts and ends. */
    List<String> endings() {
        return calls.stream()
                .filter(call -> !call.endsWith(" start") && !call.endsWith(" end"))
                .toList();
    }
}
