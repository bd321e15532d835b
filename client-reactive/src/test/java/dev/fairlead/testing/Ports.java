package dev.fairlead.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for what listens later, and in another process. */
public final class Ports {
    private static final int LOWEST = 20_000;
    // The kernel gives those above to whoever connects or listens at any: one of these could be gone by the time that
    // it is
    // wanted.
    private static final int HIGHEST = 32_000;
    private static final int MOST = 1_000;

    private Ports() {}

    /** One of the loopback interface where nobody listens. */
    public static int free() {
        for (int tried = 0; tried < MOST; tried++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new AssertionError("no port is free");
    }
}
