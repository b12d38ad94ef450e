package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.log.Batch;
import io.mamba.log.Header;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Follows what the nodes of a shared log define: destinations and their settings, subscriptions. What this node has written
 * itself it has done already, and nothing follows. Applied one record after the other, not by the log's thread: a definition
 * is made under locks.
 */
final class DefinitionsTail implements StateRecords.StateReader {
    /** Header of the records of a shared log's state: the member number of who wrote it, eight bytes. */
    private static final String SIGNATURE = "member";

    private final Node node;
    private final Log log;
    private final Queue<Runnable> told = new ConcurrentLinkedQueue<>();

    DefinitionsTail(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** From here on; called once. */
    void goLive(long from) {
        if (log.shared()) {
            node.progress().begin(StateRecords.STATE, from);
            log.tail(StateRecords.STATE, from, this::committed);
        }
    }

    /** The batch with this node's signature on each record, by which it knows its own when they come back. */
    Batch signed(Batch batch) {
        Header signature = new Header(
                SIGNATURE,
                ByteBuffer.allocate(Long.BYTES)
                        .putLong(node.participation().number())
                        .array());
        List<LogRecord> records = batch.records().stream()
                .map(record -> new LogRecord(
                        record.partition(), record.key(), List.of(signature), record.value(), record.timestamp()))
                .toList();
        return new Batch(records, batch.relies(), batch.purpose());
    }

    /** An own record may come back when a later one of this node has taken its place already: it must not undo that. */
    private boolean isOwn(LogRecord record) {
        for (Header header : record.headers()) {
            byte[] value = header.value();
            if (header.name().equals(SIGNATURE) && value != null && value.length == Long.BYTES) {
                return node.participation().wasNumber(ByteBuffer.wrap(value).getLong());
            }
        }
        return false;
    }

    private void committed(Partition partition, List<StoredRecord> records, long next) {
        told.add(() -> records.stream()
                .map(StoredRecord::record)
                .filter(record -> !isOwn(record))
                .forEach(record -> StateRecords.readState(record, this)));
        node.progress().told(partition, next);
        node.execute(this::apply);
    }

    private synchronized void apply() {
        for (Runnable next = told.poll(); next != null; next = told.poll()) {
            next.run();
        }
    }

    /** Returns when all that any node has defined before holds here. Not while a lock is held that a definition needs. */
    void await() {
        if (log.shared()) {
            node.progress().await(List.of(StateRecords.STATE));
            apply();
        }
    }

    @Override
    public void bound(Address address, String topic) {
        node.destinations().toldBound(address, topic);
    }

    @Override
    public void partitions(Address address, int count) {
        node.destinations().toldPartitions(address, count);
    }

    @Override
    public void destination(Address address, DestinationSettings settings) {
        node.destinations().told(address, settings);
    }

    @Override
    public void destinationGone(Address address) {
        node.destinations().toldGone(address);
    }

    @Override
    public void former(Address address, StateRecords.Fences fences) {
        node.destinations().former(address, fences);
    }

    @Override
    public void subscription(StateRecords.SubscriptionRecord subscription) {
        node.subscriptions().told(subscription);
    }

    @Override
    public void subscriptionGone(String name) {
        node.subscriptions().toldGone(name);
    }

    @Override
    public void snapshot(StateRecords.SnapshotHead head) {
        Lane lane = node.lane(StateRecords.laneKey(head.lane()));
        if (lane != null) {
            lane.snapshots().head(head);
        }
    }

    @Override
    public void piece(StateRecords.SnapshotPiece piece) {
        Lane lane = node.lane(StateRecords.laneKey(piece.lane()));
        if (lane != null) {
            lane.snapshots().piece(piece.generation(), piece.index());
        }
    }

    @Override
    public void retained(Address address, Retained.State state) {
        // Each node counts for itself what stays; which of it is gone is known by reading.
    }
}
