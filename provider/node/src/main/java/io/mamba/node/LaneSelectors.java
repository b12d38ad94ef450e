package io.mamba.node;

import io.mamba.message.Envelope;
import io.mamba.message.MessageValues;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The selectors that receivers of a lane use. What arrives is looked at by each selector that it may concern; what waited
 * before, once, in the thread of the receiver that is being created: message by message, or by an index where the
 * selector wants one value of an {@link IndexedHeader}. An index is built by the first such look and goes when it has not
 * been used for as long as it takes to fill up.
 *
 * <p>Owned by the partition's inbox, but for {@link #use}, which any thread may call.
 */
final class LaneSelectors {
    /** How many messages one turn in the inbox names or takes results for. */
    private static final int PIECE = 512;

    /** 24 MiB at most; a longer queue is looked at message by message. */
    private static final int MOST_INDEXED = 1 << 20;

    private static final int[] NONE = {};

    /** A selector in use. */
    private static final class Use {
        final Selector selector;
        final int number;
        final @Nullable IndexedHeader header;
        int users;
        boolean looked;
        /** The index that its first look builds. */
        @Nullable
        HeaderIndex building;

        Use(Selector selector, int number) {
            this.selector = selector;
            this.number = number;
            this.header = Arrays.stream(IndexedHeader.values())
                    .filter(indexed -> indexed.wantedBy(selector).isPresent())
                    .findFirst()
                    .orElse(null);
        }

        String wanted() {
            return header == null ? "" : header.wantedBy(selector).orElse("");
        }
    }

    /** Messages by one header, and the selectors that want one value of it, by that value. */
    private static final class ByHeader {
        final Map<String, List<Use>> uses = new HashMap<>();

        @Nullable
        HeaderIndex index;
    }

    private final QueueState state;
    private final PartitionOwner owner;
    private final Map<Selector, Use> uses = new LinkedHashMap<>();
    private final List<Use> unindexed = new ArrayList<>();
    private final Map<IndexedHeader, ByHeader> headers = new EnumMap<>(IndexedHeader.class);

    LaneSelectors(QueueState state, PartitionOwner owner) {
        this.state = state;
        this.owner = owner;
        for (IndexedHeader header : IndexedHeader.values()) {
            headers.put(header, new ByHeader());
        }
    }

    boolean isEmpty() {
        return uses.isEmpty();
    }

    /** The selector's number; what waits has been looked at when this returns. */
    int use(Selector selector) {
        Use use = owner.inbox().ask(() -> register(selector));
        boolean looked = false;
        try {
            look(use);
            looked = true;
        } finally {
            if (!looked) {
                owner.inbox().execute(() -> drop(selector));
            }
        }
        return use.number;
    }

    private Use register(Selector selector) {
        Use use = uses.get(selector);
        if (use == null) {
            use = new Use(selector, state.registerSelector());
            uses.put(selector, use);
            if (use.header == null) {
                unindexed.add(use);
            } else {
                of(use.header)
                        .uses
                        .computeIfAbsent(use.wanted(), any -> new ArrayList<>())
                        .add(use);
                // In this task: what arrives behind the registration is not looked at, so the index has to get it.
                use.building = beginIndex(of(use.header));
            }
        }
        use.users++;
        return use;
    }

    /** Ends what {@link #use} began. */
    void drop(Selector selector) {
        Use use = uses.get(selector);
        if (use == null || --use.users > 0) {
            return;
        }
        uses.remove(selector);
        state.unregisterSelector(use.number);
        if (use.header == null) {
            unindexed.remove(use);
        } else {
            Map<String, List<Use>> ofHeader = of(use.header).uses;
            List<Use> same = ofHeader.get(use.wanted());
            if (same != null && same.remove(use) && same.isEmpty()) {
                ofHeader.remove(use.wanted());
            }
        }
    }

    /** A message arrives: the numbers of the selectors that match it. */
    int[] matches(long position, Envelope message) {
        headers.forEach((header, byHeader) -> add(header, byHeader, position, message));
        if (uses.isEmpty()) {
            return NONE;
        }
        LongStream.Builder numbers = LongStream.builder();
        MessageValues values = new MessageValues(message);
        unindexed.stream().filter(use -> use.selector.matches(values)).forEach(use -> numbers.add(use.number));
        headers.forEach((header, byHeader) -> {
            String value = header.of(message);
            if (value != null) {
                byHeader.uses.getOrDefault(value, List.of()).stream()
                        .filter(use -> use.selector.matches(values))
                        .forEach(use -> numbers.add(use.number));
            }
        });
        return numbers.build().mapToInt(Math::toIntExact).toArray();
    }

    /** Messages wait again: what receivers may want of them is looked at again. */
    void lookAgain(QueueEvent.Requeued event) {
        if (uses.isEmpty() && headers.values().stream().allMatch(byHeader -> byHeader.index == null)) {
            return;
        }
        for (QueueEvent.Enqueued again : event.messages()) {
            Envelope message = owner.read(again.position());
            if (message != null) {
                for (int number : matches(again.position(), message)) {
                    state.apply(new QueueEvent.Matched(number, again.position()));
                }
            }
        }
    }

    private static void add(IndexedHeader header, ByHeader byHeader, long position, Envelope message) {
        String value = byHeader.index == null ? null : header.of(message);
        if (value != null) {
            add(byHeader, value, position);
        }
    }

    private static void add(ByHeader byHeader, String value, long position) {
        HeaderIndex index = byHeader.index;
        if (index != null && !index.add(value, position)) {
            byHeader.index = null;
        }
    }

    private ByHeader of(IndexedHeader header) {
        return Objects.requireNonNull(headers.get(header));
    }

    private void look(Use use) {
        IndexedHeader header = use.header;
        if (Boolean.TRUE.equals(owner.inbox().ask(() -> use.looked))) {
            return;
        }
        Optional<long[]> indexed =
                header == null ? Optional.empty() : owner.inbox().ask(() -> candidates(header, use.wanted()));
        if (indexed.isEmpty()) {
            lookAtAll(use);
        } else {
            long[] candidates = indexed.get();
            for (int from = 0; from < candidates.length; from += PIECE) {
                lookAt(use, Arrays.copyOfRange(candidates, from, Math.min(candidates.length, from + PIECE)), null);
            }
        }
        owner.inbox().execute(() -> use.looked = true);
    }

    /** Empty if there is no complete index. */
    private Optional<long[]> candidates(IndexedHeader header, String value) {
        ByHeader byHeader = of(header);
        HeaderIndex index = byHeader.index;
        return index != null && index.isComplete() ? Optional.of(index.find(value)) : Optional.empty();
    }

    /** Message by message; whoever finds no index builds it on the way, while what arrives is added already. */
    private void lookAtAll(Use use) {
        IndexedHeader header = use.header;
        HeaderIndex building = use.building;
        boolean whole = false;
        try {
            long after = -1;
            for (long[] piece = piece(use, after); piece.length > 0; piece = piece(use, after)) {
                lookAt(use, piece, building);
                after = piece[piece.length - 1];
            }
            whole = true;
        } finally {
            if (header != null && building != null) {
                ByHeader byHeader = of(header);
                boolean complete = whole;
                owner.inbox().execute(() -> endIndex(byHeader, building, complete));
            }
        }
    }

    /** Null if there is one, or another receiver is building it. */
    private @Nullable HeaderIndex beginIndex(ByHeader byHeader) {
        if (byHeader.index != null) {
            return null;
        }
        HeaderIndex index = new HeaderIndex(MOST_INDEXED, state::holds);
        byHeader.index = index;
        return index;
    }

    private static void endIndex(ByHeader byHeader, HeaderIndex built, boolean complete) {
        if (complete) {
            built.completed();
        } else if (byHeader.index == built) {
            byHeader.index = null;
        }
    }

    private long[] piece(Use use, long after) {
        return owner.inbox().ask(() -> {
            LongStream.Builder positions = LongStream.builder();
            PrimitiveIterator.OfLong waiting = state.unmatched(use.number, after);
            for (int i = 0; i < PIECE && waiting.hasNext(); i++) {
                positions.add(waiting.nextLong());
            }
            return positions.build().toArray();
        });
    }

    private void lookAt(Use use, long[] positions, @Nullable HeaderIndex building) {
        List<Long> matching = new ArrayList<>();
        Map<Long, String> values = new LinkedHashMap<>();
        for (long position : positions) {
            Envelope message = owner.read(position);
            if (message == null) {
                continue;
            }
            if (use.selector.matches(new MessageValues(message))) {
                matching.add(position);
            }
            String value = use.header == null || building == null ? null : use.header.of(message);
            if (value != null) {
                values.put(position, value);
            }
        }
        owner.inbox().execute(() -> {
            matching.forEach(position -> state.apply(new QueueEvent.Matched(use.number, position)));
            if (use.header != null && of(use.header).index == building) {
                values.forEach((position, value) -> add(of(use.header), value, position));
            }
        });
    }
}
