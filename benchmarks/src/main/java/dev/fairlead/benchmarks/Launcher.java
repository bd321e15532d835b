package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Starts what is measured, each in a process of its own. */
final class Launcher {

    private static final int ENGINE_LIMIT_SECONDS = 60;
    private static final int SMALLEST_HEAP = 8;
    private static final int LARGEST_HEAP = 2048;
    // Finer steps would not say more.
    private static final double STEP = 1.06;

    private final CompareOptions options;
    private final Path home;
    private final Path socket;

    Launcher(CompareOptions options, Path home, Path socket) {
        this.options = options;
        this.home = home;
        this.socket = socket;
    }

    /** The fake Engine, which listens when this returns. */
    WorkerProcess engine() throws IOException {
        WorkerProcess engine =
                WorkerProcess.start(FakeEngine.class, home, ENGINE_LIMIT_SECONDS, List.of(), socket.toString());
        String unused = engine.answer();
        return engine;
    }

    private WorkerProcess start(Class<?> program, List<String> jvm, String... arguments) throws IOException {
        return WorkerProcess.start(program, home, options.limitSeconds(), jvm, arguments);
    }

    WorkerProcess worker(ClientKind kind, Scenario scenario) throws IOException {
        List<String> jvm = new ArrayList<>();
        jvm.add("-Xmx1g");
        if (scenario == Scenario.STREAMS_10000) {
            jvm.add("-Dreactor.netty.ioWorkerCount=1");
        }
        Path recordings = options.recordings();
        if (recordings != null) {
            // Else the time is that of the next place where a thread can be stopped.
            jvm.add("-XX:+UnlockDiagnosticVMOptions");
            jvm.add("-XX:+DebugNonSafepoints");
            jvm.add("-D" + Worker.RECORDING + "=" + recordings.resolve(scenario.name() + "-" + kind.name() + ".jfr"));
        }
        Sizes sizes = options.sizes();
        return start(
                Worker.class,
                jvm,
                kind.name(),
                socket.toString(),
                scenario.name(),
                Integer.toString(sizes.mebibytes()),
                Integer.toString(sizes.divisor()));
    }

    Measurement run(WorkerProcess worker) throws IOException {
        return Measurement.parse(worker.ask(Integer.toString(options.millis())));
    }

    Measurement runOnce(ClientKind kind, Scenario scenario) throws IOException {
        try (WorkerProcess worker = worker(kind, scenario)) {
            return run(worker);
        }
    }

    /** From the start of the process until it has its first answer. */
    Measurement coldStart(ClientKind kind) throws IOException {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        long start = System.nanoTime();
        try (WorkerProcess process = start(ColdStart.class, List.of(), kind.name(), socket.toString())) {
            String unused = process.answer();
            values.put(Metric.MILLIS, (System.nanoTime() - start) / 1e6);
            Duration cpu = process.handle().info().totalCpuDuration().orElse(Duration.ZERO);
            values.put(Metric.CPU_SECONDS, cpu.toMillis() / 1e3);
            String id = Long.toString(process.handle().pid());
            values.put(Metric.RSS, ProcessMemory.peak(id) / 1024.0);
        }
        return new Measurement(values);
    }

    /**
     * The least heap with which 10,000 containers can be listed: what a process really held at most cannot be told from outside, as
     * the garbage is in it.
     */
    Measurement leastHeap(ClientKind kind) throws IOException {
        double enough = LARGEST_HEAP;
        double tooLittle = SMALLEST_HEAP;
        if (!lists(kind, LARGEST_HEAP)) {
            throw new IOException("could not list within " + LARGEST_HEAP + " MiB of heap");
        }
        while (enough / tooLittle > STEP && Math.ceil(enough) > Math.floor(tooLittle) + 1) {
            double middle = Math.sqrt(enough * tooLittle);
            if (lists(kind, (int) Math.round(middle))) {
                enough = middle;
            } else {
                tooLittle = middle;
            }
        }
        return new Measurement(Map.of(Metric.HEAP_NEEDED, (double) Math.round(enough)));
    }

    private boolean lists(ClientKind kind, int heapMebibytes) throws IOException {
        List<String> jvm = List.of("-Xmx" + heapMebibytes + "m", "-XX:+ExitOnOutOfMemoryError");
        String containers = Integer.toString(options.sizes().of(10_000));
        try (WorkerProcess process = start(OneList.class, jvm, kind.name(), socket.toString(), containers)) {
            return process.answer().equals("listed");
        } catch (IOException tooLittle) {
            return false;
        }
    }
}
