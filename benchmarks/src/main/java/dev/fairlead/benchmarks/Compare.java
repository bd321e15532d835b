package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares clients over one fake Engine and prints a table: each client and the Engine in a process of its own, the runs of the
 * clients in turn, so that what else the machine does meets them all; medians.
 */
final class Compare {

    private final CompareOptions options;
    private final Map<ClientKind, WorkerProcess> workers = new EnumMap<>(ClientKind.class);
    private final Table table = new Table();

    private Compare(CompareOptions options) {
        this.options = options;
    }

    /** See {@link CompareOptions}. */
    public static void main(String[] arguments) throws Exception {
        new Compare(CompareOptions.parse(arguments)).run();
    }

    private void run() throws Exception {
        Path folder = Files.createTempDirectory("fairlead-compare");
        Path socket = folder.resolve("engine.sock");
        try (WorkerProcess engine = WorkerProcess.start(
                FakeEngine.class, List.of(), socket.toString(), Integer.toString(Scenario.CONTAINERS))) {
            String unused = engine.answer();
            try {
                for (ClientKind kind : options.clients()) {
                    workers.put(
                            kind, WorkerProcess.start(Worker.class, jvmOptions(kind), kind.name(), socket.toString()));
                }
                for (Scenario scenario : options.scenarios()) {
                    measure(scenario);
                }
                if (options.streams() > 0) {
                    openStreams();
                }
            } finally {
                for (WorkerProcess worker : workers.values()) {
                    worker.close();
                }
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
        System.out.println(table.text());
    }

    private List<String> jvmOptions(ClientKind kind) {
        List<String> jvm = new ArrayList<>();
        jvm.add("-Xmx1g");
        Path recordings = options.recordings();
        if (recordings != null) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + recordings.resolve(kind.name() + ".jfr"));
            jvm.add("-Xlog:jfr*=off");
        }
        return jvm;
    }

    private void measure(Scenario scenario) throws IOException {
        System.err.println(scenario.title());
        Map<ClientKind, List<Measurement>> runs = new EnumMap<>(ClientKind.class);
        for (int run = -options.warmups(); run < options.runs(); run++) {
            for (Map.Entry<ClientKind, WorkerProcess> worker : workers.entrySet()) {
                String answer = worker.getValue().ask(scenario.name() + " " + options.millis());
                if (run >= 0) {
                    runs.computeIfAbsent(worker.getKey(), kind -> new ArrayList<>())
                            .add(Measurement.parse(answer));
                }
            }
        }
        table.add(scenario, runs);
    }

    private void openStreams() throws IOException {
        System.err.println(options.streams() + " open streams");
        Map<ClientKind, List<Streams>> runs = new EnumMap<>(ClientKind.class);
        for (int run = -1; run < options.runs(); run++) {
            for (Map.Entry<ClientKind, WorkerProcess> worker : workers.entrySet()) {
                String answer = worker.getValue().ask("STREAMS " + options.streams());
                if (run >= 0) {
                    runs.computeIfAbsent(worker.getKey(), kind -> new ArrayList<>())
                            .add(Streams.parse(answer));
                }
            }
        }
        table.add(options.streams(), runs);
    }
}
