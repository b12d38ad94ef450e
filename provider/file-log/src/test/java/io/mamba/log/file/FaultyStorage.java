package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that can fail: it counts and holds forces, refuses writes and forces or does them in part, lies about
 * forces, runs full, can be read-only, vanishes, kills the process in the middle of a call, and tells what another
 * opening finds after the process was killed or the power went, when pages that were not forced are there or not in any
 * combination, and so are the directory's changes, those of one file in their order.
 */
final class FaultyStorage implements Storage {
    private static final int PAGE = 512;

    private final Map<String, Content> files = new TreeMap<>();
    /** As a power loss now would leave the directory, and what was done to it since. */
    private final Map<String, Content> durableFiles = new TreeMap<>();

    private final List<Change> changes = new ArrayList<>();
    private long capacity = Long.MAX_VALUE;
    private int forces;
    private int failForces;
    private int failWrites;
    private int shortWrites;
    private boolean lying;
    private boolean readOnly;
    private boolean vanished;
    private boolean withoutBlocks;
    private boolean dead;
    /** The process dies in the call after so many; below 0 it does not. */
    private int callsToLive = -1;

    private Runnable death = () -> {};
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

        /** A force of all of it, or of what the pages had when it began. */
        void force(byte[] image, BitSet pages) {
            int covered = Math.min(image.length, live.length);
            if (durable.length < covered) {
                durable = Arrays.copyOf(durable, covered);
            }
            for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
                int start = page * PAGE;
                int end = Math.min(start + PAGE, image.length);
                System.arraycopy(image, start, durable, start, end - start);
                // Written again meanwhile: it stays dirty, with the older content safe.
                if (image == live || Arrays.equals(image, start, end, live, start, Math.min(end, live.length))) {
                    dirty.clear(page);
                }
            }
        }

        void force() {
            durable = live.clone();
            dirty.clear();
        }

        Content copy() {
            Content copy = new Content();
            copy.live = live.clone();
            copy.durable = durable.clone();
            copy.dirty.or(dirty);
            return copy;
        }
    }

    /** Of the directory, not forced yet: this file left one name, took another, or both. */
    private record Change(
            Content file, @Nullable String left, @Nullable String taken) {
        void to(Map<String, Content> files) {
            if (left != null) {
                files.remove(left, file);
            }
            if (taken != null) {
                files.put(taken, file);
            }
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

    /** As a file system that copies on write and is full: no write works, not even over what is there; half of it is done. */
    synchronized void withoutBlocks(boolean without) {
        withoutBlocks = without;
    }

    /** The next write of a file does a part of it and fails. */
    synchronized void cutNextWriteShort() {
        shortWrites++;
    }

    /** Nothing can be written, created, renamed or deleted. */
    synchronized void makeReadOnly() {
        readOnly = true;
    }

    /** Somebody deletes the directory; files that are open go on as if nothing had happened, as on any Unix. */
    synchronized void vanish() {
        vanished = true;
        files.clear();
        durableFiles.clear();
        changes.clear();
    }

    /** The process dies in the middle of a call, after so many that change something. */
    synchronized void dieAfter(int calls, Runnable whenDead) {
        callsToLive = calls;
        death = whenDead;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Forces return as if they had worked, and do nothing. */
    synchronized void lie() {
        lying = true;
    }

    /** No more than so many bytes in all files. */
    synchronized void limit(long bytes) {
        capacity = bytes;
    }

    synchronized int files() {
        return files.size();
    }

    synchronized long bytes() {
        return files.values().stream().mapToLong(content -> content.live.length).sum();
    }

    /** What is there after the process died now; this storage fails from now on. */
    synchronized FaultyStorage kill() {
        dead = true;
        letForcesGo();
        return likeThis();
    }

    /** As after {@link #kill}, while this one goes on. */
    synchronized FaultyStorage likeThis() {
        FaultyStorage next = new FaultyStorage();
        IdentityHashMap<Content, Content> copies = new IdentityHashMap<>();
        files.forEach((name, content) -> next.files.put(name, copies.computeIfAbsent(content, Content::copy)));
        durableFiles.forEach(
                (name, content) -> next.durableFiles.put(name, copies.computeIfAbsent(content, Content::copy)));
        changes.forEach(change -> next.changes.add(
                new Change(copies.computeIfAbsent(change.file, Content::copy), change.left, change.taken)));
        return next;
    }

    /** What is there after the power went now: of what was not forced, anything; this storage fails from now on. */
    synchronized FaultyStorage losePower(Random random) {
        dead = true;
        Set<Content> lost = Collections.newSetFromMap(new IdentityHashMap<>());
        int bias = random.nextInt(101);
        for (Change change : changes) {
            if (lost.contains(change.file) || random.nextInt(100) >= bias) {
                lost.add(change.file);
            } else {
                change.to(durableFiles);
            }
        }
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

    /** Changes one bit of a file; says which. */
    synchronized String flip(Random random) {
        List<String> names = List.copyOf(files.keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] bytes = content(name);
        if (bytes.length == 0) {
            return "nothing";
        }
        // Most of a segment is empty: half of the time look at its beginning.
        int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 4096));
        int bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        return "bit " + bit + " at " + at + " of " + name;
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
    public synchronized List<String> list() throws IOException {
        checkThere();
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized StorageFile open(String file) throws IOException {
        checkThere();
        Content content = files.get(file);
        if (content == null) {
            throw new IOException(file + " does not exist");
        }
        return new FaultyFile(content);
    }

    @Override
    public synchronized StorageFile create(String file) throws IOException {
        checkThere();
        dieOrGoOn();
        Content content = new Content();
        files.put(file, content);
        changes.add(new Change(content, null, file));
        return new FaultyFile(content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        checkThere();
        dieOrGoOn();
        Content content = files.remove(from);
        if (content == null) {
            throw new IOException(from + " does not exist");
        }
        files.put(to, content);
        changes.add(new Change(content, from, to));
    }

    @Override
    public synchronized void delete(String file) throws IOException {
        checkThere();
        dieOrGoOn();
        Content content = files.remove(file);
        if (content != null) {
            changes.add(new Change(content, file, null));
        }
    }

    @Override
    public synchronized long free() {
        // Nobody waits for space on behalf of the dead.
        return dead ? Long.MAX_VALUE : capacity - bytes();
    }

    @Override
    public synchronized void force() throws IOException {
        checkThere();
        dieOrGoOn();
        if (!lying) {
            changes.forEach(change -> change.to(durableFiles));
            changes.clear();
        }
    }

    private void checkAlive() throws IOException {
        if (dead) {
            throw new IOException("the process is dead");
        }
    }

    private void checkThere() throws IOException {
        checkAlive();
        if (vanished) {
            throw new NoSuchFileException(name());
        }
    }

    /** Before a call that changes something; whether the process dies in it. */
    private boolean diesNow() throws IOException {
        checkAlive();
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        return callsToLive >= 0 && callsToLive-- == 0;
    }

    private IOException die() {
        dead = true;
        death.run();
        return new IOException("the process died");
    }

    private void dieOrGoOn() throws IOException {
        if (diesNow()) {
            throw die();
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
                boolean dying = diesNow();
                if (failWrites > 0) {
                    failWrites--;
                    throw new IOException("a write failed by a test");
                }
                int end = (int) offset + from.remaining();
                if (end > content.live.length && bytes() + end - content.live.length > capacity) {
                    throw new IOException("No space left on device");
                }
                if (dying || shortWrites > 0 || withoutBlocks) {
                    from.limit(from.position() + from.remaining() / 2);
                    put(from, (int) offset);
                    if (dying) {
                        throw die();
                    }
                    if (withoutBlocks) {
                        throw new IOException("No space left on device");
                    }
                    shortWrites--;
                    throw new IOException("a write was cut short by a test");
                }
                put(from, (int) offset);
            }
        }

        private void put(ByteBuffer from, int offset) {
            int end = offset + from.remaining();
            if (end > offset) {
                content.grow(end);
                content.dirty.set(offset / PAGE, (end + PAGE - 1) / PAGE);
                from.get(content.live, offset, from.remaining());
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
            boolean dying;
            synchronized (FaultyStorage.this) {
                check();
                dying = diesNow();
                forces += metadata ? 0 : 1;
                latch = metadata ? null : held;
                waitingForces += latch == null ? 0 : 1;
                image = latch == null ? content.live : content.live.clone();
                covered = (BitSet) content.dirty.clone();
            }
            await(latch);
            synchronized (FaultyStorage.this) {
                waitingForces -= latch == null ? 0 : 1;
                check();
                if (dying) {
                    throw die();
                }
                if (failForces > 0 && !metadata) {
                    failForces--;
                    throw new IOException("a force failed by a test");
                }
                if (!lying) {
                    content.force(image, covered);
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
