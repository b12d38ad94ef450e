package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.TailListener;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueEventCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of the log to their lanes, in order. In a shared log their writers are looked at first, here, where
 * there is one order for all lanes: what a member writes behind its going changes nothing. Told by one thread at a time.
 */
final class EventsTail {
    private final Node node;
    private final Log log;
    private final Map<String, List<LaneEvents.Written>> strays = new LinkedHashMap<>();

    EventsTail(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** From here on; called once, when the lanes are as the log was at this position. */
    void goLive(long from) {
        node.progress().begin(StateRecords.EVENTS, from);
        log.tail(StateRecords.EVENTS, from, log.shared() ? new Judged() : this::own);
    }

    /** The lanes of a node that has missed events are not what the log says. */
    private final class Judged implements TailListener {
        @Override
        public void committed(Partition partition, List<StoredRecord> records, long next) {
            judged(partition, records, next);
        }

        @Override
        public void missed(Partition partition) {
            node.participation().missed();
            node.stop(new MambaException(
                    ErrorCode.FENCED,
                    "The node '" + node.name()
                            + "' has fallen so far behind that the others let go of events that it has"
                            + " not read: it stops, and reads the log anew when it is opened again."));
        }
    }

    /** The only node's: nobody else wrote them. */
    private void own(Partition partition, List<StoredRecord> records, long next) {
        for (StoredRecord record : records) {
            Lane lane = node.lane(StateRecords.laneKeyOf(record.record()));
            if (lane != null) {
                lane.applyLater(record);
            }
        }
    }

    private void judged(Partition partition, List<StoredRecord> records, long next) {
        for (StoredRecord record : records) {
            apply(record, node.lanes(), node::lane, this::stray, Lane::applyLater);
        }
        node.members().told(next);
        node.progress().told(partition, next);
    }

    interface Unknown {
        void lane(String key, LaneEvents.Written written);
    }

    interface Application {
        void apply(Lane lane, LaneEvents.Written written);
    }

    /** Says what a record means for which lane. */
    void apply(
            StoredRecord stored,
            Collection<Lane> lanes,
            Function<String, @Nullable Lane> named,
            Unknown unknown,
            Application application) {
        LogRecord record = stored.record();
        if (MemberRecords.is(record)) {
            MemberEvent event = MemberRecords.eventOf(record);
            node.members().apply(stored.position(), event);
            if (event instanceof MemberEvent.Gone gone) {
                LaneEvents.Written written = new LaneEvents.Written(
                        stored.position(), gone.number(), List.of(new QueueEvent.Gone(gone.number())));
                lanes.forEach(lane -> application.apply(lane, written));
                synchronized (strays) {
                    strays.values().forEach(held -> held.add(written));
                }
            }
            node.participation().heard(stored.position(), event);
            return;
        }
        QueueEventCodec.Written said = StateRecords.written(record);
        if (!node.members().has(said.member())) {
            return;
        }
        LaneEvents.Written written = new LaneEvents.Written(stored.position(), said.member(), said.events());
        String key = StateRecords.laneKeyOf(record);
        Lane lane = named.apply(key);
        if (lane != null) {
            application.apply(lane, written);
        } else {
            unknown.lane(key, written);
        }
    }

    /** The lane's definition is in another partition and may come later. */
    private void stray(String key, LaneEvents.Written written) {
        Lane lane;
        synchronized (strays) {
            lane = node.lane(key);
            if (lane == null) {
                strays.computeIfAbsent(key, any -> new ArrayList<>()).add(written);
            }
        }
        if (lane != null) {
            lane.applyLater(written);
        }
    }

    /** A lane has come to be: what was told of it before is its. */
    void register(String key, Lane lane, Runnable registration) {
        List<LaneEvents.Written> missed;
        synchronized (strays) {
            registration.run();
            missed = strays.remove(key);
        }
        if (missed != null) {
            missed.forEach(lane::applyLater);
        }
    }

    /** Events of lanes whose definition has not come, although all that was written before this position has, are nobody's. */
    private void dropStrays(long before) {
        synchronized (strays) {
            strays.values().removeIf(held -> held.get(held.size() - 1).position() < before);
        }
    }

    void lookAfterStrays() {
        synchronized (strays) {
            if (strays.isEmpty()) {
                return;
            }
        }
        long before = node.progress().toldOf(StateRecords.EVENTS);
        node.definitions().await();
        dropStrays(before);
    }
}
