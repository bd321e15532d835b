package dev.fairlead.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** One client and one scenario; in a process of its own it does a run for each line of its input and answers with a line. */
final class Worker {

    /** The property that names the file of a flight recording. */
    static final String RECORDING = "fairlead.recording";

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int FIRST_STREAMS = 16;

    private final Client client;
    private final Path socket;
    private final Scenario scenario;
    private final Sizes sizes;
    private final int threadsBefore;

    private Worker(Client client, Path socket, Scenario scenario, Sizes sizes, int threadsBefore) {
        this.client = client;
        this.socket = socket;
        this.scenario = scenario;
        this.sizes = sizes;
        this.threadsBefore = threadsBefore;
    }

    /** The kind of client, the socket, the scenario, the sizes; each line of the input is the milliseconds of a run. */
    public static void main(String[] arguments) throws Exception {
        record();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Path socket = Path.of(arguments[1]);
        Sizes sizes = new Sizes(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        int threads = THREADS.getThreadCount();
        try (Client client = ClientKind.valueOf(arguments[0]).create(socket)) {
            Worker worker = new Worker(client, socket, Scenario.valueOf(arguments[2]), sizes, threads);
            String line = commands.readLine();
            while (line != null) {
                System.out.println(worker.answer(Integer.parseInt(line)));
                line = commands.readLine();
            }
        }
        // Event loops of Reactor Netty outlive a client.
        System.exit(0);
    }

    /** From within, as the option of the JVM writes to where the answers go. */
    private static void record() throws IOException, ParseException {
        String file = System.getProperty(RECORDING);
        if (file != null) {
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            recording.setDestination(Path.of(file));
            recording.setDumpOnExit(true);
            recording.start();
        }
    }

    /** A run in this process. */
    static Measurement run(ClientKind kind, Path socket, Scenario scenario, Sizes sizes) throws Exception {
        int threads = THREADS.getThreadCount();
        try (Client client = kind.create(socket)) {
            return new Worker(client, socket, scenario, sizes, threads).run(0);
        }
    }

    private String answer(int millis) {
        try {
            return run(millis).toLine();
        } catch (Exception | OutOfMemoryError failure) {
            failure.printStackTrace();
            return WorkerProcess.FAILED + String.valueOf(failure).replace('\n', ' ');
        }
    }

    private Measurement run(int millis) throws Exception {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        switch (scenario.way()) {
            case RATE -> batches(millis, values);
            case STREAMS -> streams(sizes.of(scenario.streams()), values);
            case SLOW -> values.put(Metric.AHEAD, SlowConsumer.kibAhead(client, socket));
            case START, HEAP -> throw new IllegalStateException(scenario + " has programs of its own");
        }
        values.put(Metric.RSS, ProcessMemory.peak("self") / 1024.0);
        return new Measurement(values);
    }

    /** Runs batches until the process has had so much processor time: on a busy machine too, a warm-up then warms up. */
    private void batches(int millis, Map<Metric, Double> values) throws Exception {
        long allocated = Allocations.bytes();
        ProcessTime time = ProcessTime.now();
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        long limit = TimeUnit.MILLISECONDS.toNanos(millis);
        double units = 0;
        long spent;
        do {
            units += scenario.run(client, sizes, null);
            spent = PROCESS.getProcessCpuTime() - cpu;
        } while (spent < limit);
        values.put(Metric.RATE, units * 1e9 / (System.nanoTime() - start));
        values.put(Metric.CPU, spent / 1e3 / units);
        values.put(Metric.KERNEL, ProcessTime.now().kernelPercentSince(time));
        values.put(Metric.ALLOCATED, (Allocations.bytes() - allocated) / 1024.0 / units);
        values.put(Metric.THREADS, (double) THREADS.getPeakThreadCount() - threadsBefore);
        Latencies latencies = new Latencies();
        if (scenario.hasCalls()) {
            var unused = scenario.run(client, sizes, latencies);
            values.put(Metric.P50, latencies.micros(0.5));
            values.put(Metric.P99, latencies.micros(0.99));
        }
    }

    private void streams(int count, Map<Metric, Double> values) throws Exception {
        // What is made once, by the first of them, is no cost of each.
        client.follow(Math.min(count, FIRST_STREAMS));
        client.unfollow();
        long heap = heapInUse();
        long resident = ProcessMemory.now("self");
        int threads = THREADS.getThreadCount();
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        client.follow(count);
        values.put(Metric.MILLIS, (System.nanoTime() - start) / 1e6);
        values.put(Metric.CPU_SECONDS, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
        values.put(Metric.THREADS, (double) THREADS.getThreadCount() - threads);
        values.put(Metric.HEAP_A_STREAM, (heapInUse() - heap) / 1024.0 / count);
        values.put(Metric.RSS_A_STREAM, (double) (ProcessMemory.now("self") - resident) / count);
        client.unfollow();
    }

    /** What a collection left: what is in use at any moment counts what threads have taken to allocate in later, too. */
    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }
}
