package dev.fairlead.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the kernel holds between a server on loopback TCP and its clients, in bytes: written by the one and not read by the other.
 * Linux tells it to the byte, so that what a program has read can be told from what it could read.
 */
public final class KernelQueue {

    private static final int ADDRESSES_AND_QUEUES = 5;
    private static final String LISTENING = "0A";

    private KernelQueue() {}

    /** On all connections of the server at that port. */
    public static long heldAt(int port) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(KernelQueue::lines)
                .map(line -> line.strip().split("\\s+", -1))
                .filter(cells -> cells.length > ADDRESSES_AND_QUEUES && cells[0].matches("\\d+:"))
                .mapToLong(cells -> held(cells, port))
                .sum();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readString(table).lines();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Of a server's socket what was not acknowledged, of a client's what was not read. */
    private static long held(String[] cells, int port) {
        String[] queues = cells[4].split(":", -1);
        if (port(cells[1]) == port && !cells[3].equals(LISTENING)) {
            return Long.parseLong(queues[0], 16);
        }
        return port(cells[2]) == port ? Long.parseLong(queues[1], 16) : 0;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
