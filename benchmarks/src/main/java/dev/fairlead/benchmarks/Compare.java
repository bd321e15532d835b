package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Compares clients over one fake Engine and prints a table: the Engine, and each client for each scenario, in a process of its own, the
 * runs of the clients in turn, so that what else the machine does meets them all; medians. What fails is named and ends nothing else.
 */
final class Compare {

    private final CompareOptions options;
    private final Launcher launcher;

    private Compare(CompareOptions options, Launcher launcher) {
        this.options = options;
        this.launcher = launcher;
    }

    /** See {@link CompareOptions}. */
    public static void main(String[] arguments) throws IOException {
        Table table = run(CompareOptions.parse(arguments));
        System.out.println(table.text());
        System.exit(table.hasFailures() ? 1 : 0);
    }

    static Table run(CompareOptions options) throws IOException {
        Path folder = Files.createTempDirectory("fairlead-compare");
        Path real = options.engine();
        if (real != null) {
            try {
                return run(options, new Launcher(options, folder, real));
            } finally {
                Files.delete(folder);
            }
        }
        Path socket = folder.resolve("engine.sock");
        Launcher launcher = new Launcher(options, folder, socket);
        WorkerProcess engine = launcher.engine();
        try {
            return run(options, launcher);
        } finally {
            engine.close();
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    private static Table run(CompareOptions options, Launcher launcher) throws IOException {
        Table table = new Table();
        Compare compare = new Compare(options, launcher);
        for (Scenario scenario : options.scenarios()) {
            long start = System.nanoTime();
            table.add(scenario, compare.measure(scenario));
            System.err.println(scenario.title() + ": "
                    + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
        }
        return table;
    }

    private Results measure(Scenario scenario) throws IOException {
        return switch (scenario.way()) {
            case RATE -> inOneProcess(scenario, options.warmups(), options.runs());
            case SLOW -> inOneProcess(scenario, 0, options.runs());
            case STREAMS -> inNewProcesses(options.runs(), kind -> launcher.runOnce(kind, scenario));
            case START -> inNewProcesses(options.runs(), launcher::coldStart);
            case HEAP -> inNewProcesses(1, launcher::leastHeap);
        };
    }

    private Results inOneProcess(Scenario scenario, int warmups, int runs) throws IOException {
        Results results = new Results();
        Map<ClientKind, WorkerProcess> workers = new EnumMap<>(ClientKind.class);
        try {
            for (ClientKind kind : options.clients()) {
                workers.put(kind, launcher.worker(kind, scenario));
            }
            for (int run = -warmups; run < runs; run++) {
                boolean counts = run >= 0;
                workers.forEach((kind, worker) -> attempt(results, kind, counts, () -> launcher.run(worker)));
            }
        } finally {
            for (WorkerProcess worker : workers.values()) {
                worker.close();
            }
        }
        return results;
    }

    private Results inNewProcesses(int runs, Program program) {
        Results results = new Results();
        for (int run = 0; run < runs; run++) {
            for (ClientKind kind : options.clients()) {
                attempt(results, kind, true, () -> program.run(kind));
            }
        }
        return results;
    }

    private static void attempt(Results results, ClientKind kind, boolean counts, Attempt attempt) {
        if (results.hasFailed(kind)) {
            return;
        }
        try {
            Measurement measured = attempt.run();
            if (counts) {
                results.add(kind, measured);
            }
        } catch (IOException failure) {
            results.fail(kind, String.valueOf(failure.getMessage()));
        }
    }

    private interface Program {
        Measurement run(ClientKind kind) throws IOException;
    }

    private interface Attempt {
        Measurement run() throws IOException;
    }
}
