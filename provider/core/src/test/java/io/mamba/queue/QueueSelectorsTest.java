package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Matched;
import java.util.PrimitiveIterator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueSelectorsTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhenASelectorIsRegistered {
        private final int selector = lane.state.registerSelector();

        @Test
        void givesItsReceiversOnlyWhatMatches() {
            lane.enqueue(1, 2);
            lane.enqueueMatching(selector, 3, 4);

            assertThat(lane.acquire(1, selector, 10)).containsExactly(3L, 4L);
            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L);
        }

        @Test
        void keepsTheResultWhenAMessageComesBack() {
            lane.enqueue(1);
            lane.enqueueMatching(selector, 2);
            lane.acquire(1, 10);

            lane.giveBack(1, 1, 2);

            assertThat(lane.acquire(1, selector, 10)).containsExactly(2L);
        }

        @Test
        void keepsTheResultOfAMessageThatArrivedOutOfOrder() {
            lane.enqueue(10);
            lane.enqueueMatching(selector, 5);

            assertThat(lane.acquire(1, selector, 10)).containsExactly(5L);
        }

        @Test
        void keepsOtherSelectorsApart() {
            int other = lane.state.registerSelector();
            lane.enqueueMatching(selector, 1);
            lane.enqueueMatching(other, 2);
            lane.enqueue(new Enqueued(3, 4, 0, 0, 0, new int[] {selector, other}));

            assertThat(lane.acquire(1, other, 10)).containsExactly(2L, 3L);
            assertThat(lane.acquire(1, selector, 10)).containsExactly(1L);
        }

        @Test
        void keepsAGroupOnlyForWhoHasIt() {
            lane.enqueue(new Enqueued(1, 4, 7, 0, 0, new int[] {selector}));
            lane.enqueueInGroup(7, 2);
            lane.enqueue(new Enqueued(3, 4, 7, 0, 0, new int[] {selector}));
            lane.acquire(1, selector, 1);
            assertThat(lane.acquire(2, selector, 10)).isEmpty();
            assertThat(lane.acquire(3, 10)).isEmpty();

            lane.settle(1, 1);

            assertThat(lane.acquire(2, selector, 10)).containsExactly(3L);
            assertThat(lane.acquire(3, 10)).isEmpty();
            lane.settle(2, 3);
            assertThat(lane.acquire(3, 10)).containsExactly(2L);
        }
    }

    @Nested
    class WhenASelectorIsRegisteredLate {
        @Test
        void asksForEachMessageThatIsHereOnce() {
            lane.enqueue(1, 2, 3, 4);
            lane.acquire(1, 1);
            int selector = lane.state.registerSelector();
            lane.enqueueMatching(selector, 5);

            assertThat(TestLane.list(lane.state.unmatched(selector, -1))).containsExactly(1L, 2L, 3L, 4L);
            assertThat(TestLane.list(lane.state.unmatched(selector, 2))).containsExactly(3L, 4L);
            assertThat(TestLane.list(lane.state.unmatched(selector, 4))).isEmpty();
        }

        @Test
        void deliversWhatWasFoundToMatch() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 1);
            int selector = lane.state.registerSelector();

            lane.state.apply(new Matched(selector, 1));
            lane.state.apply(new Matched(selector, 3));
            lane.state.apply(new Matched(selector, 99));
            lane.giveBack(1, 1);

            assertThat(lane.acquire(2, selector, 10)).containsExactly(1L, 3L);
        }

        @Test
        void findsThemWhileTheyAreAppliedOneByOne() {
            for (int i = 0; i < 10_000; i++) {
                lane.state.apply(new Enqueued(i, i % 10, 0, 0, 0, new int[0]));
            }
            int selector = lane.state.registerSelector();

            PrimitiveIterator.OfLong unmatched = lane.state.unmatched(selector, -1);
            while (unmatched.hasNext()) {
                long position = unmatched.nextLong();
                if (position % 10 == 4 && position % 3 == 0) {
                    lane.state.apply(new Matched(selector, position));
                }
            }

            assertThat(lane.acquire(1, selector, 10_000)).hasSize(333).isSorted();
        }
    }

    @Nested
    class WhenNothingMatches {
        @Test
        void doesNotScanAgain() {
            int selector = lane.state.registerSelector();
            for (int i = 0; i < 50_000; i++) {
                lane.state.apply(new Enqueued(i, 4, 0, 0, 0, new int[0]));
            }
            lane.enqueueMatching(selector, 60_000);
            for (int i = 70_000; i < 120_000; i++) {
                lane.state.apply(new Enqueued(i, 4, 0, 0, 0, new int[0]));
            }
            assertThat(lane.acquire(1, selector, 1)).containsExactly(60_000L);

            assertThat(lane.decide(new QueueCommand.Acquire(1, selector, 1))).isSameAs(Decision.NOTHING);
        }
    }

    @Nested
    class WhenASelectorIsUnregistered {
        @Test
        void usesItsNumberAgainWithoutItsResults() {
            int selector = lane.state.registerSelector();
            lane.enqueueMatching(selector, 1, 2);
            lane.acquire(1, 1);

            lane.state.unregisterSelector(selector);
            int next = lane.state.registerSelector();
            lane.giveBack(1, 1);

            assertThat(next).isEqualTo(selector);
            assertThat(lane.acquire(1, next, 10)).isEmpty();
        }

        @Test
        void refusesItsReceivers() {
            int selector = lane.state.registerSelector();
            lane.state.unregisterSelector(selector);

            assertThatThrownBy(() -> lane.acquire(1, selector, 1))
                    .isInstanceOfSatisfying(
                            MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE));
        }

        @Test
        void ignoresItsResultsThatComeLate() {
            int selector = lane.state.registerSelector();
            lane.enqueue(1);
            lane.state.unregisterSelector(selector);

            lane.state.apply(new Matched(selector, 1));
            lane.enqueueMatching(selector, 2);
            int next = lane.state.registerSelector();

            assertThat(lane.acquire(1, next, 10)).isEmpty();
        }
    }
}
