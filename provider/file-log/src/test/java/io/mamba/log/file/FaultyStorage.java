package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that can fail: it counts and holds forces, refuses writes and forces, runs full, and tells what
 * another opening finds after the process was killed or the power went, when pages that were not forced are there or
 * not in any combination, and so are directory entries in their order.
 */
final class FaultyStorage implements Storage {
    private static final int PAGE = 512;

    private final Map<String, Content> files = new TreeMap<>();
    /** As a power loss now would leave the directory, and what was done to it since. */
    private final Map<String, Content> durableFiles = new TreeMap<>();

    private final List<Runnable> directoryChanges = new ArrayList<>();
    private long capacity = Long.MAX_VALUE;
    private int forces;
    private int failForces;
    private int failWrites;
    private boolean lying;
    private boolean dead;
    private @Nullable CountDownLatch held;
    private int waitingForces;

    private static final class Content {
        byte[] live = new byte[0];
        byte[] durable = new byte[0];
        final BitSet dirty = new BitSet();

        void grow(int size) {
            if (live.length < size) {
                live = Arrays.copyOf(live, size);
            }
        }

        void force() {
            durable = live.clone();
            dirty.clear();
        }
    }

    // ---- what a test steers -------------------------------------------------------------------------------------

    /** How often the journal was forced: a file's content, not its length. */
    synchronized int forces() {
        return forces;
    }

    /** Forces of the journal wait until {@link #letForcesGo}. */
    synchronized void holdForces() {
        held = new CountDownLatch(1);
    }

    synchronized void letForcesGo() {
        CountDownLatch latch = held;
        held = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    synchronized int waitingForces() {
        return waitingForces;
    }

    synchronized void failNextForce() {
        failForces++;
    }

    synchronized void failNextWrite() {
        failWrites++;
    }

    /** Forces return as if they had worked, and do nothing. */
    synchronized void lie() {
        lying = true;
    }

    /** No more than so many bytes in all files. */
    synchronized void limit(long bytes) {
        capacity = bytes;
    }

    synchronized long bytes() {
        return files.values().stream().mapToLong(content -> content.live.length).sum();
    }

    /** What is there after the process died now; this storage fails from now on. */
    synchronized FaultyStorage kill() {
        dead = true;
        FaultyStorage next = new FaultyStorage();
        files.forEach((name, content) -> {
            Content copy = new Content();
            copy.live = content.live.clone();
            copy.durable = content.durable.clone();
            copy.dirty.or(content.dirty);
            next.files.put(name, copy);
            next.durableFiles.put(name, copy);
        });
        letForcesGo();
        return next;
    }

    /** What is there after the power went now: of what was not forced, anything; this storage fails from now on. */
    synchronized FaultyStorage losePower(Random random) {
        dead = true;
        int kept = random.nextInt(directoryChanges.size() + 1);
        directoryChanges.subList(0, kept).forEach(Runnable::run);
        FaultyStorage next = new FaultyStorage();
        durableFiles.forEach((name, content) -> {
            Content copy = new Content();
            copy.live = afterPowerLoss(content, random);
            copy.force();
            next.files.put(name, copy);
            next.durableFiles.put(name, copy);
        });
        letForcesGo();
        return next;
    }

    private static byte[] afterPowerLoss(Content content, Random random) {
        byte[] bytes = content.durable.clone();
        int bias = random.nextInt(101);
        for (int page = content.dirty.nextSetBit(0); page >= 0; page = content.dirty.nextSetBit(page + 1)) {
            if (random.nextInt(100) < bias) {
                int start = page * PAGE;
                int end = Math.min(start + PAGE, content.live.length);
                if (bytes.length < end) {
                    bytes = Arrays.copyOf(bytes, end);
                }
                System.arraycopy(content.live, start, bytes, start, end - start);
            }
        }
        return bytes;
    }

    /** The content itself, to look at or to damage; durable as it then is. */
    synchronized byte[] content(String file) {
        Content content = files.get(file);
        if (content == null) {
            throw new IllegalArgumentException(file);
        }
        return content.live;
    }

    synchronized FaultyStorage copy() {
        FaultyStorage next = new FaultyStorage();
        files.forEach((name, content) -> {
            Content copy = new Content();
            copy.live = content.live.clone();
            copy.force();
            next.files.put(name, copy);
            next.durableFiles.put(name, copy);
        });
        return next;
    }

    // ---- the file layer -----------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized StorageFile open(String file) throws IOException {
        checkAlive();
        Content content = files.get(file);
        if (content == null) {
            throw new IOException(file + " does not exist");
        }
        return new FaultyFile(content);
    }

    @Override
    public synchronized StorageFile create(String file) throws IOException {
        checkAlive();
        Content content = new Content();
        files.put(file, content);
        directoryChanges.add(() -> durableFiles.put(file, content));
        return new FaultyFile(content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        checkAlive();
        Content content = files.remove(from);
        if (content == null) {
            throw new IOException(from + " does not exist");
        }
        files.put(to, content);
        directoryChanges.add(() -> {
            durableFiles.remove(from);
            durableFiles.put(to, content);
        });
    }

    @Override
    public synchronized void delete(String file) throws IOException {
        checkAlive();
        files.remove(file);
        directoryChanges.add(() -> durableFiles.remove(file));
    }

    @Override
    public synchronized long free() {
        return capacity - bytes();
    }

    @Override
    public synchronized void force() throws IOException {
        checkAlive();
        if (!lying) {
            directoryChanges.forEach(Runnable::run);
            directoryChanges.clear();
        }
    }

    private void checkAlive() throws IOException {
        if (dead) {
            throw new IOException("the process is dead");
        }
    }

    private final class FaultyFile implements StorageFile {
        private final Content content;
        private volatile boolean closed;

        FaultyFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (FaultyStorage.this) {
                return content.live.length;
            }
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            synchronized (FaultyStorage.this) {
                check();
                if (failWrites > 0) {
                    failWrites--;
                    throw new IOException("a write failed by a test");
                }
                int end = (int) offset + from.remaining();
                if (end > content.live.length && bytes() + end - content.live.length > capacity) {
                    throw new IOException("No space left on device");
                }
                content.grow(end);
                content.dirty.set((int) offset / PAGE, (end + PAGE - 1) / PAGE);
                from.get(content.live, (int) offset, from.remaining());
            }
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            synchronized (FaultyStorage.this) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                int count = (int) Math.max(0, Math.min(into.remaining(), content.live.length - offset));
                into.put(content.live, (int) offset, count);
                return count;
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            CountDownLatch latch;
            byte[] image;
            BitSet covered;
            synchronized (FaultyStorage.this) {
                check();
                forces += metadata ? 0 : 1;
                latch = metadata ? null : held;
                waitingForces += latch == null ? 0 : 1;
                image = content.live.clone();
                covered = (BitSet) content.dirty.clone();
            }
            await(latch);
            synchronized (FaultyStorage.this) {
                waitingForces -= latch == null ? 0 : 1;
                check();
                if (failForces > 0 && !metadata) {
                    failForces--;
                    throw new IOException("a force failed by a test");
                }
                if (!lying) {
                    // Written again meanwhile: those pages stay dirty, with the older content safe.
                    covered.stream().forEach(page -> {
                        int start = page * PAGE;
                        int end = Math.min(start + PAGE, image.length);
                        if (Arrays.equals(image, start, end, content.live, start, Math.min(end, content.live.length))) {
                            content.dirty.clear(page);
                        }
                    });
                    content.durable = image;
                }
            }
        }

        private void await(@Nullable CountDownLatch latch) throws IOException {
            if (latch != null) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }

        private void check() throws IOException {
            checkAlive();
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
