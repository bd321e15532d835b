package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How much a client reads ahead of a consumer that takes some frames of endless logs and then none. */
final class SlowConsumer {

    private static final int FRAMES = 16;
    private static final int CHANGES_AT_LEAST_EVERY_MILLIS = 300;
    private static final AtomicInteger RUNS = new AtomicInteger();

    private SlowConsumer() {}

    /** In KiB; what the system's socket holds is not the client's, so a connection that nobody reads tells how much that is. */
    static double kibAhead(Client client, Path socket) throws Exception {
        try (PlainClient plain = new PlainClient(socket)) {
            String id = "stalled-" + ProcessHandle.current().pid() + "-" + RUNS.getAndIncrement();
            plain.stall(id + "-unread", 0);
            long socketHolds = settled(plain, id + "-unread");
            plain.unstall();
            client.stall(id, FRAMES);
            long sent = settled(plain, id);
            client.unstall();
            long taken = (long) FRAMES * PreparedAnswer.chunkLength(Routes.STALLED_FRAME);
            return Math.max(0, sent - taken - socketHolds) / 1024.0;
        }
    }

    /** What the Engine has sent when it can send no more. */
    private static long settled(PlainClient plain, String id) throws IOException, InterruptedException {
        long sent = -1;
        long now = plain.sent(id);
        while (now != sent || now == 0) {
            sent = now;
            TimeUnit.MILLISECONDS.sleep(CHANGES_AT_LEAST_EVERY_MILLIS);
            now = plain.sent(id);
        }
        return sent;
    }
}
