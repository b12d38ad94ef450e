package io.mamba.log.file;

import static io.mamba.log.file.Journals.KEYED;
import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large batch must not make others wait for more than one piece of it at a time. */
class LargeBatchTest {
    private static final int MEGABYTE = 1 << 20;
    private static final long LARGEST_GAP = (64 << 10) + 2 * Frame.HEADER;
    private static final int SMALL_FRAME = 200;

    @TempDir
    private Path directory;

    /** Tells how many bytes of the journal are written between two of its syncs. */
    private static final class Gaps extends ForwardingStorage {
        private final List<Long> gaps = Collections.synchronizedList(new ArrayList<>());
        private final Map<String, AtomicBoolean> files = new ConcurrentHashMap<>();
        private Runnable whenOneIsBegun = () -> {};
        private long gap;

        Gaps(Storage storage) {
            super(storage);
        }

        private synchronized void written(int bytes) {
            gap += bytes;
        }

        private synchronized void forced() {
            gaps.add(gap);
            gap = 0;
        }

        /** A file that is being filled ahead is in use once it has its name. */
        @Override
        StorageFile seen(String name, StorageFile file) {
            AtomicBoolean inUse = new AtomicBoolean(Segment.isSegment(name));
            files.put(name, inUse);
            return new ForwardingFile(file) {
                @Override
                public void write(ByteBuffer from, long offset) throws IOException {
                    written(inUse.get() ? from.remaining() : 0);
                    super.write(from, offset);
                }

                @Override
                public void force(boolean metadata) throws IOException {
                    if (!metadata) {
                        forced();
                    }
                    super.force(metadata);
                }
            };
        }

        @Override
        public StorageFile create(String file) throws IOException {
            whenOneIsBegun.run();
            return super.create(file);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            super.rename(from, to);
            AtomicBoolean inUse = files.remove(from);
            if (inUse != null) {
                inUse.set(Segment.isSegment(to));
            }
        }
    }

    private final List<Long> gaps = new ArrayList<>();

    private List<String> append(List<LogRecord> records) throws IOException {
        Gaps storage = new Gaps(new DirectoryStorage(directory));
        FileLogOptions options = FileLogOptions.defaults().withSegmentBytes(4 * MEGABYTE);
        try (FileLog log = FileLog.open(storage, KEYED, options, () -> {})) {
            log.appendAndWait(batch(record(STOCK, "before")), Durability.DURABLE);
            storage.gaps.clear();
            log.appendAndWait(Batch.of(records), Durability.DURABLE);
            gaps.addAll(storage.gaps);
        }
        try (FileLog again = FileLog.open(new DirectoryStorage(directory), KEYED, options, () -> {})) {
            return values(again, ORDERS);
        }
    }

    @Test
    void ofOneLargeRecordIsSyncedPieceByPiece() throws Exception {
        String value = "x".repeat(20 * MEGABYTE);

        assertThat(append(List.of(record(ORDERS, value)))).containsExactly(value);

        assertThat(gaps)
                .hasSizeGreaterThanOrEqualTo(80)
                .allSatisfy(gap -> assertThat(gap).isLessThanOrEqualTo(LARGEST_GAP));
    }

    @Test
    void leavesRoomToOthersWhileItWaitsForTheNextSegment() throws Exception {
        Gaps storage = new Gaps(new DirectoryStorage(directory));
        FileLogOptions options = FileLogOptions.defaults().withSegmentBytes(MEGABYTE);
        // Nothing is prepared ahead: the batch fills each segment that it needs.
        try (FileLog log = FileLog.open(storage, KEYED, options, () -> {}, new ManualBackground())) {
            List<String> sent = new ArrayList<>();
            AtomicBoolean sending = new AtomicBoolean();
            storage.whenOneIsBegun = () -> {
                assertThat(sending.getAndSet(true))
                        .as("others need a new segment too")
                        .isFalse();
                sent.add("small " + sent.size());
                log.appendAndWait(batch(record(STOCK, sent.get(sent.size() - 1))), Durability.DURABLE);
                sending.set(false);
            };

            log.appendAndWait(batch(record(ORDERS, "x".repeat(5 * MEGABYTE))), Durability.DURABLE);

            assertThat(sent).hasSizeGreaterThanOrEqualTo(5);
            assertThat(values(log, STOCK)).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void ofManyRecordsHasAFinalFrameOf16BytesForEach() throws Exception {
        int count = 20_000;
        LogRecord one = record(ORDERS, "x".repeat(1024));

        assertThat(append(Collections.nCopies(count, one))).hasSize(count);

        long finalFrame = (long) BatchEncoder.ENTRY * count + 8L * gaps.size() + SMALL_FRAME;
        assertThat(gaps).hasSizeGreaterThanOrEqualTo(80);
        assertThat(gaps)
                .filteredOn(gap -> gap > LARGEST_GAP)
                .singleElement()
                .satisfies(gap -> assertThat(gap).isLessThan(finalFrame));
    }
}
