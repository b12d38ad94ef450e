package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Load ONE = new Load(1, 10);

    private final Room room = new Room(3, 100, Load.NONE);

    @Test
    void isTakenUpToTheLimitOfMessages() {
        assertThat(take(1)).isTrue();
        assertThat(take(2)).isTrue();
        assertThat(take(1)).isFalse();
        assertThat(room.used()).isEqualTo(new Load(3, 30));
    }

    @Test
    void isTakenUpToTheLimitOfBytes() {
        assertThat(room.take(new Load(1, 95), Load.NONE)).isTrue();
        assertThat(take(1)).isFalse();
        assertThat(room.take(new Load(1, 5), Load.NONE)).isTrue();
    }

    @Test
    void comesBackWhenMessagesAreDone() {
        take(3);

        room.free(ONE);

        assertThat(take(1)).isTrue();
        assertThat(take(1)).isFalse();
    }

    @Test
    void isGivenToThoseInLineFirst() {
        take(3);
        Room.Place first = room.queue(new Load(2, 20), Load.NONE);
        Room.Place second = room.queue(ONE, Load.NONE);

        room.free(ONE);
        assertThat(take(1)).isFalse();
        assertThat(first.isServed()).isFalse();
        assertThat(second.isServed()).isFalse();

        room.free(ONE);
        assertThat(first.isServed()).isTrue();
        assertThat(second.isServed()).isFalse();

        room.free(ONE);
        assertThat(second.isServed()).isTrue();
    }

    @Test
    void isNotHeldByOneWhoLeavesTheLine() {
        take(3);
        Room.Place first = room.queue(new Load(3, 30), Load.NONE);
        Room.Place second = room.queue(ONE, Load.NONE);
        room.free(ONE);

        assertThat(room.leave(first)).containsExactly(second);
        assertThat(second.isServed()).isTrue();
        assertThat(take(1)).isFalse();
    }

    @Test
    void isAlwaysThereForOneThatFinishesAsMuchAsItBrings() {
        take(3);
        room.queue(ONE, Load.NONE);

        assertThat(room.take(new Load(2, 20), new Load(2, 20))).isTrue();
        assertThat(room.take(new Load(2, 20), ONE)).isFalse();
    }

    @Test
    void saysWhatHasToGo() {
        take(3);
        Room.Place first = room.queue(ONE, Load.NONE);
        Room.Place second = room.queue(new Load(1, 65), Load.NONE);

        assertThat(room.missing(first)).isEqualTo(new Load(1, 0));
        assertThat(room.missing(second)).isEqualTo(new Load(2, 5));
    }

    @Test
    void couldNeverFitMoreThanItsLimits() {
        assertThat(room.couldEverFit(new Load(4, 1), Load.NONE)).isFalse();
        assertThat(room.couldEverFit(new Load(1, 101), Load.NONE)).isFalse();
        assertThat(room.couldEverFit(new Load(4, 1), ONE)).isTrue();
    }

    @Test
    void mayBeOverfullWhereMessagesComeThatNobodyRefuses() {
        take(3);
        room.takeAnyway(ONE);

        room.free(ONE);
        assertThat(take(1)).isFalse();

        room.free(ONE);
        assertThat(take(1)).isTrue();
        assertThat(room.isRelaxed()).isFalse();
    }

    @Test
    void isNeverPassedAndNobodyIsForgottenInRandomRuns() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Room tried = new Room(20, 200, Load.NONE);
            List<Load> held = new ArrayList<>();
            List<Room.Place> waiting = new ArrayList<>();
            List<Load> wanted = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                Load load = new Load(1 + random.nextInt(4), 1 + random.nextInt(50));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        if (tried.take(load, Load.NONE)) {
                            held.add(load);
                        }
                    }
                    case 1 -> {
                        if (tried.take(load, Load.NONE)) {
                            held.add(load);
                            break;
                        }
                        waiting.add(tried.queue(load, Load.NONE));
                        wanted.add(load);
                    }
                    case 2 -> {
                        if (!held.isEmpty()) {
                            tried.free(held.remove(random.nextInt(held.size())));
                        }
                    }
                    default -> {
                        if (!waiting.isEmpty()) {
                            int place = random.nextInt(waiting.size());
                            tried.leave(waiting.remove(place));
                            wanted.remove(place);
                        }
                    }
                }
                for (int i = waiting.size() - 1; i >= 0; i--) {
                    if (waiting.get(i).isServed()) {
                        waiting.remove(i);
                        held.add(wanted.remove(i));
                    }
                }
                Load used = held.stream().reduce(Load.NONE, Load::plus);
                assertThat(tried.used()).as("seed " + seed).isEqualTo(used);
                assertThat(used.messages()).as("seed " + seed).isLessThanOrEqualTo(20);
                assertThat(used.bytes()).as("seed " + seed).isLessThanOrEqualTo(200);
                if (!wanted.isEmpty()) {
                    assertThat(used.messages() + wanted.get(0).messages() > 20
                                    || used.bytes() + wanted.get(0).bytes() > 200)
                            .as("the first in line has a reason to wait, seed " + seed)
                            .isTrue();
                }
            }
        }
    }

    private boolean take(int messages) {
        return room.take(new Load(messages, messages * 10L), Load.NONE);
    }
}
