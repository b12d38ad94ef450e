package io.mamba.queue;

import static io.mamba.queue.MessageState.ACQUIRED;
import static io.mamba.queue.MessageState.AVAILABLE;
import static io.mamba.queue.MessageState.CLAIMING;
import static io.mamba.queue.MessageState.ELSEWHERE;
import static io.mamba.queue.MessageState.PREPARED;

import io.mamba.queue.QueueEvent.Claimed;
import io.mamba.queue.QueueEvent.GivenBack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which member of a shared log has which message: decided by the order of the events alone, so that every member comes to
 * the same answer. What this member's sessions want or do is soft and lies on top of that.
 */
final class Claims {
    private final Messages messages;

    Claims(Messages messages) {
        this.messages = messages;
    }

    // ---- what the log says ----------------------------------------------------------------------------------------

    void apply(Claimed event, long member) {
        for (long position : event.positions()) {
            if (wins(position, event.delivers(), member)) {
                take(messages.touchExpected(position), event.delivers(), member);
            } else if (member == messages.own) {
                lose(messages.touched.get(position));
            }
        }
    }

    private boolean wins(long position, boolean delivers, long member) {
        Touched message = messages.touched.get(position);
        Slot slot = messages.waiting.find(position);
        int group;
        if (message != null && message.member == 0 && message.state != PREPARED) {
            group = message.group;
        } else if (message == null && slot != null) {
            group = slot.group();
        } else {
            return false;
        }
        return !(delivers && messages.groups.isElsewhere(group, member));
    }

    private void take(Touched message, boolean delivers, long member) {
        boolean here = member == messages.own;
        messages.move(message, here ? ACQUIRED : ELSEWHERE, taken -> {
            taken.member = member;
            taken.delivers = delivers;
            taken.count += delivers ? 1 : 0;
            taken.backOffUntil = 0;
            taken.marked = false;
            taken.held = here;
            if (here) {
                taken.holder = taken.claiming ? taken.holder : QueueState.MEMBER_ITSELF;
                taken.claiming = false;
            }
        });
    }

    private void lose(@Nullable Touched message) {
        if (message != null && message.claiming) {
            if (message.state == CLAIMING) {
                messages.move(message, AVAILABLE, lost -> lost.claiming = false);
            } else {
                message.claiming = false;
            }
        }
    }

    void apply(GivenBack event, long member) {
        for (long position : event.positions()) {
            Touched message = messages.touched.get(position);
            if (message != null && message.member == member && message.state != PREPARED) {
                if (event.cause() != null) {
                    message.cause = event.cause();
                }
                giveBack(message, event.availableAt(), event.unread() && message.delivers);
            }
        }
    }

    void gone(long member) {
        List.copyOf(messages.touched.all()).stream()
                .filter(message -> message.member == member && message.state != PREPARED)
                .forEach(message -> giveBack(message, 0, false));
    }

    private void giveBack(Touched message, long availableAt, boolean unread) {
        messages.move(message, message.claiming ? CLAIMING : AVAILABLE, back -> {
            back.member = 0;
            back.held = false;
            back.marked = false;
            back.backOffUntil = availableAt;
            back.count -= unread ? 1 : 0;
        });
    }

    /** As a snapshot has it. */
    void restore(Touched message, long member, boolean delivers, long availableAt) {
        if (member != 0 && message.state == AVAILABLE) {
            messages.move(message, ELSEWHERE, there -> {});
        }
        messages.touched.change(message, () -> {
            message.member = member;
            message.delivers = delivers;
            message.backOffUntil = availableAt;
        });
    }

    // ---- what this member wants -----------------------------------------------------------------------------------

    void begin(QueueEvent.Claiming event) {
        for (long position : event.positions()) {
            messages.move(messages.touchExpected(position), CLAIMING, message -> {
                message.holder = event.holder();
                message.claiming = true;
            });
        }
    }

    void refused(QueueEvent.ClaimRefused event) {
        for (long position : event.positions()) {
            lose(messages.touched.get(position));
        }
    }

    void forgetWanted() {
        List.copyOf(messages.touched.all()).forEach(this::lose);
        messages.refresh();
    }

    void handOut(QueueEvent.HandedOut event) {
        Touched message = messages.touchExpected(event.position());
        messages.touched.change(message, () -> message.marked = true);
    }
}
