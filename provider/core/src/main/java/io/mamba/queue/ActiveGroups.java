package io.mamba.queue;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which groups are with whom. A message of a blocked group that a scan met is set aside from that scan's view, so that
 * it is met once and not once a scan. When the group is free, the first of them is shown again; the rest follow one by one,
 * or go to whoever has taken the first.
 */
final class ActiveGroups {
    private final Map<Integer, ActiveGroup> groups = new HashMap<>();
    /** By holder, the groups that it has and of which messages are set aside. */
    private final Map<Long, Set<ActiveGroup>> held = new HashMap<>();

    private final Set<ActiveGroup> toShow = new LinkedHashSet<>();

    @Nullable
    ActiveGroup get(int number) {
        return number == 0 ? null : groups.get(number);
    }

    /** The groups that the holder has and of which messages are set aside. */
    Collection<ActiveGroup> heldBy(long holder) {
        return held.getOrDefault(holder, Set.of());
    }

    void acquire(int number, long holder) {
        if (number != 0) {
            ActiveGroup group = activate(number);
            if (group.acquired++ == 0) {
                group.holder = holder;
                if (group.hasParked()) {
                    remember(group);
                }
            }
        }
    }

    void release(int number) {
        ActiveGroup group = get(number);
        if (group != null && --group.acquired == 0) {
            Set<ActiveGroup> ofHolder = held.get(group.holder);
            if (ofHolder != null && ofHolder.remove(group) && ofHolder.isEmpty()) {
                held.remove(group.holder);
            }
            toShow.add(group);
        }
    }

    void lock(int number) {
        if (number != 0) {
            activate(number).locks++;
        }
    }

    void unlock(int number) {
        ActiveGroup group = get(number);
        if (group != null) {
            group.locks--;
            toShow.add(group);
        }
    }

    /** A member of a shared log has claimed a message of the group, to hand it out. */
    void claim(int number, long member) {
        if (number != 0) {
            ActiveGroup group = activate(number);
            group.claims++;
            group.member = member;
        }
    }

    void unclaim(int number) {
        ActiveGroup group = get(number);
        if (group != null) {
            group.claims--;
        }
    }

    /** Whether another member hands out messages of the group. */
    boolean isElsewhere(int number, long member) {
        ActiveGroup group = get(number);
        return group != null && group.claims > 0 && group.member != member;
    }

    void park(int number, int view, int priority, long position) {
        ActiveGroup group = activate(number);
        group.park(view, priority, position);
        if (group.acquired > 0) {
            remember(group);
        }
    }

    /** A message of the group is not among the waiting ones any more. */
    void left(int number, int priority, long position) {
        ActiveGroup group = get(number);
        if (group != null) {
            group.forget(priority, position);
            toShow.add(group);
        }
    }

    /** A message of the group that had left waits again, and is met by scans as if it had not been here before. */
    void returned(int number, int priority, long position) {
        ActiveGroup group = get(number);
        if (group != null) {
            group.unpark(priority, position);
        }
    }

    /** A message of the group cannot be taken for the time being: others have to be seen in its place. */
    void hidden(int number) {
        ActiveGroup group = get(number);
        if (group != null) {
            toShow.add(group);
        }
    }

    /** The group's last message is gone, and its number is free. */
    void discard(int number) {
        groups.remove(number);
    }

    void dropView(int view) {
        groups.values().forEach(group -> group.dropView(view));
    }

    /** Lets messages of groups that are free now be seen again; to be called after each change. */
    void refresh(Waiting waiting) {
        if (toShow.isEmpty()) {
            return;
        }
        for (ActiveGroup group : toShow) {
            if (group.isFree() && groups.get(group.number) == group && group.show(waiting)) {
                groups.remove(group.number);
            }
        }
        toShow.clear();
    }

    private void remember(ActiveGroup group) {
        held.computeIfAbsent(group.holder, any -> new LinkedHashSet<>()).add(group);
    }

    private ActiveGroup activate(int number) {
        return groups.computeIfAbsent(number, ActiveGroup::new);
    }
}
