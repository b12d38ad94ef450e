package io.mamba.shop.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a server's JVM takes of memory, in MiB, seen from outside. */
final class ServerMemory implements AutoCloseable {
    private final ServerJvm jvm;
    private long highestHeap;

    ServerMemory(long pid) throws IOException {
        this.jvm = new ServerJvm(pid);
    }

    void look() {
        highestHeap = Math.max(highestHeap, jvm.usedHeap() >> 20);
    }

    /** The most that was seen in use, garbage included. */
    long highestHeap() {
        return highestHeap;
    }

    /** What is left in the heap when the garbage is gone. */
    long liveHeap() {
        jvm.collectGarbage();
        return jvm.usedHeap() >> 20;
    }

    /** The most that the whole process ever held, as Linux counts it. */
    long peakResident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        jvm.close();
    }
}
