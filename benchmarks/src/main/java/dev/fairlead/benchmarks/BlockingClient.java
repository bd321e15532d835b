package dev.fairlead.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that needs a thread for each call that is under way. The threads are kept, as a server would keep them. */
abstract class BlockingClient implements Client {

    /** One call. */
    interface Call {
        void run() throws Exception;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    /** Runs the call so often on so many threads; a single one is the caller's own. */
    final void all(int count, int inFlight, @Nullable Latencies latencies, Call call) throws Exception {
        if (inFlight == 1) {
            for (int each = 0; each < count; each++) {
                run(call, latencies);
            }
            return;
        }
        AtomicInteger left = new AtomicInteger(count);
        List<Future<?>> lanes = new ArrayList<>();
        for (int lane = 0; lane < inFlight; lane++) {
            lanes.add(beside(() -> {
                while (left.getAndDecrement() > 0) {
                    run(call, latencies);
                }
            }));
        }
        for (Future<?> lane : lanes) {
            lane.get();
        }
    }

    private static void run(Call call, @Nullable Latencies latencies) throws Exception {
        if (latencies == null) {
            call.run();
            return;
        }
        long start = System.nanoTime();
        call.run();
        latencies.since(start);
    }

    /** Runs it on a thread of its own. */
    final Future<?> beside(Call call) {
        return threads.submit(() -> {
            call.run();
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
    }
}
