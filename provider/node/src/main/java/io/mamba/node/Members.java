package io.mamba.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who takes part in a shared log, and which names they have: what the order of the events says. The same in every node that
 * has read as far. Thread-safe by its monitor.
 */
final class Members {
    /** One that has joined and is not gone. */
    record Member(long number, String member, String node) {}

    /** Who has a name: one member alone, or any number together. */
    private record Holding(boolean alone, List<Long> members) {}

    /**
     * All there is to know at one place of the events.
     *
     * @param eventsFrom events before it are in the table
     */
    record Table(long eventsFrom, List<Member> members, List<MemberEvent.Wanted> names) {}

    private final TreeMap<Long, Member> joined = new TreeMap<>();
    private final Map<String, Holding> names = new HashMap<>();
    /** Events before it have been applied. */
    private long told;

    static long number(long position) {
        return position + 1;
    }

    synchronized void told(long next) {
        told = next;
    }

    synchronized void restore(Table table) {
        joined.clear();
        names.clear();
        told = table.eventsFrom();
        table.members().forEach(member -> joined.put(member.number(), member));
        table.names().forEach(this::want);
    }

    synchronized Table table() {
        List<MemberEvent.Wanted> held = new ArrayList<>();
        names.forEach((name, holding) ->
                holding.members().forEach(number -> held.add(new MemberEvent.Wanted(number, name, holding.alone()))));
        return new Table(told, List.copyOf(joined.values()), held);
    }

    synchronized void apply(long position, MemberEvent event) {
        if (event instanceof MemberEvent.Joined one) {
            long number = number(position);
            joined.put(number, new Member(number, one.member(), one.node()));
        } else if (event instanceof MemberEvent.Gone gone) {
            joined.remove(gone.number());
            List.copyOf(names.keySet()).forEach(name -> letGo(gone.number(), name));
        } else if (event instanceof MemberEvent.Wanted wanted) {
            want(wanted);
        } else if (event instanceof MemberEvent.LetGo gone) {
            letGo(gone.number(), gone.name());
        }
    }

    private void want(MemberEvent.Wanted wanted) {
        if (!joined.containsKey(wanted.number())) {
            return;
        }
        Holding holding = names.get(wanted.name());
        if (holding == null) {
            names.put(wanted.name(), new Holding(wanted.alone(), new ArrayList<>(List.of(wanted.number()))));
        } else if (!holding.alone() && !wanted.alone() && !holding.members().contains(wanted.number())) {
            holding.members().add(wanted.number());
        }
    }

    private void letGo(long number, String name) {
        Holding holding = names.get(name);
        if (holding != null
                && holding.members().remove(number)
                && holding.members().isEmpty()) {
            names.remove(name);
            notifyAll();
        }
    }

    /** False if somebody has the name all the time. */
    synchronized boolean awaitFree(String name, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        while (names.containsKey(name) && until - System.nanoTime() > 0) {
            try {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !names.containsKey(name);
    }

    /** Whether the member takes part: what it writes counts. */
    synchronized boolean has(long number) {
        return joined.containsKey(number);
    }

    synchronized Collection<Member> all() {
        return List.copyOf(joined.values());
    }

    /** The newest member of this name. */
    synchronized Optional<Member> ofNode(String node) {
        return joined.descendingMap().values().stream()
                .filter(member -> member.node().equals(node))
                .findFirst();
    }

    /** Whether the member has the name, alone or with others as it wanted. */
    synchronized boolean holds(long number, String name, boolean alone) {
        Holding holding = names.get(name);
        return holding != null && holding.alone() == alone && holding.members().contains(number);
    }

    /** Whether another than this member has the name. */
    synchronized boolean isAnothers(long number, String name) {
        Holding holding = names.get(name);
        return holding != null && holding.members().stream().anyMatch(holder -> holder != number);
    }
}
