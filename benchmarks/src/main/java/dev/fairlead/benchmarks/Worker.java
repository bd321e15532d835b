package dev.fairlead.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One client in a process of its own; does what a line of its standard input says and answers with a line. */
final class Worker {

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Worker() {}

    /** The kind of client and the socket. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Client client = ClientKind.valueOf(arguments[0]).create(Path.of(arguments[1]))) {
            String line = commands.readLine();
            while (line != null) {
                String[] words = line.split(" ", -1);
                int amount = Integer.parseInt(words[1]);
                System.out.println(
                        words[0].equals("STREAMS")
                                ? streams(client, amount).toLine()
                                : measure(client, Scenario.valueOf(words[0]), amount)
                                        .toLine());
                line = commands.readLine();
            }
        }
        // Event loops of Reactor Netty outlive a client.
        System.exit(0);
    }

    /**
     * Runs batches until the process has had so much processor time: on a busy machine too, a warm-up then warms up.
     */
    static Measurement measure(Client client, Scenario scenario, int millis) throws Exception {
        long allocated = allocated();
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        long limit = TimeUnit.MILLISECONDS.toNanos(millis);
        double units = 0;
        long spent;
        do {
            units += scenario.run(client);
            spent = PROCESS.getProcessCpuTime() - cpu;
        } while (spent < limit);
        return new Measurement(
                units * 1e9 / (System.nanoTime() - start),
                spent / 1e3 / units,
                (allocated() - allocated) / 1024.0 / units);
    }

    /** Of the threads that live: the clients keep theirs. */
    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    static Streams streams(Client client, int count) throws Exception {
        long heap = heapInUse();
        int threads = THREADS.getThreadCount();
        long start = System.nanoTime();
        client.follow(count);
        double millis = (System.nanoTime() - start) / 1e6;
        int threadsMore = THREADS.getThreadCount() - threads;
        long heapMore = heapInUse() - heap;
        client.unfollow();
        return new Streams(millis, heapMore / 1024.0 / count, threadsMore);
    }

    private static long heapInUse() throws IOException {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
