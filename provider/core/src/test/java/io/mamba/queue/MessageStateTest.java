package io.mamba.queue;

import static io.mamba.queue.MessageState.ACQUIRED;
import static io.mamba.queue.MessageState.AVAILABLE;
import static io.mamba.queue.MessageState.BURIED;
import static io.mamba.queue.MessageState.CLAIMING;
import static io.mamba.queue.MessageState.COMMITTING;
import static io.mamba.queue.MessageState.ELSEWHERE;
import static io.mamba.queue.MessageState.EXPIRED;
import static io.mamba.queue.MessageState.PREPARED;
import static io.mamba.queue.MessageState.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageStateTest {
    private static final Map<MessageState, Set<MessageState>> TABLE = Map.of(
            AVAILABLE, Set.of(CLAIMING, ELSEWHERE, ACQUIRED, COMMITTING, PREPARED, SETTLED, EXPIRED, BURIED),
            CLAIMING, Set.of(AVAILABLE, ELSEWHERE, ACQUIRED, SETTLED, EXPIRED, BURIED),
            ELSEWHERE, Set.of(AVAILABLE, CLAIMING, PREPARED, SETTLED, EXPIRED, BURIED),
            ACQUIRED, Set.of(AVAILABLE, COMMITTING, SETTLED, EXPIRED, BURIED),
            COMMITTING, Set.of(AVAILABLE, ACQUIRED, PREPARED, SETTLED, EXPIRED, BURIED),
            PREPARED, Set.of(AVAILABLE, SETTLED, BURIED),
            SETTLED, Set.of(),
            EXPIRED, Set.of(),
            BURIED, Set.of());

    @ParameterizedTest
    @EnumSource
    void goesWhereTheTableLeadsAndNowhereElse(MessageState from) {
        for (MessageState to : MessageState.values()) {
            if (TABLE.getOrDefault(from, Set.of()).contains(to)) {
                assertThat(from.to(to, 1)).isEqualTo(to);
            } else {
                assertThatThrownBy(() -> from.to(to, 1))
                        .isInstanceOfSatisfying(
                                MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                        .hasMessageContaining("Message 1 cannot go from " + from + " to " + to);
            }
        }
    }

    @Test
    void isOverWhenTheLaneForgetsTheMessage() {
        assertThat(MessageState.values())
                .filteredOn(MessageState::live)
                .containsExactly(AVAILABLE, CLAIMING, ELSEWHERE, ACQUIRED, COMMITTING, PREPARED);
    }
}
