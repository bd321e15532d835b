package dev.fairlead.samples.orchestrator;

import dev.fairlead.DockerClient;
import dev.fairlead.samples.Spans;
import dev.fairlead.samples.StopSignal;
import dev.fairlead.samples.Terminal;
import dev.fairlead.samples.orchestrator.Settings.AtEnd;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.util.concurrent.Queues;

/** Keeps the containers that a file declares running until it is asked to end. */
@Command(
        name = "orchestrator",
        description = "Keeps the containers that a YAML file declares running, on one Engine, several or a swarm.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:It was asked to end (SIGINT, SIGTERM) and has done with the containers what was to be done.",
            "1:It failed; standard error says why.",
            "2:It was called wrongly, or the file is wrong."
        })
public final class Orchestrator implements Callable<Integer> {

    /** Reports that may wait for a slow terminal; what is beyond is not shown. */
    private static final int REPORTS = 4_096;

    @Parameters(paramLabel = "FILE", description = "What is to run, in YAML.")
    private Path file = Path.of("");

    @Option(
            names = {"-H", "--host"},
            paramLabel = "ADDRESS",
            description =
                    "The Engine, where the file names none; else that of DOCKER_HOST, else that at the usual socket.")
    private @Nullable String host;

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "Start so many at a time on an Engine (default: as many as it has processors).")
    private @Nullable Integer starts;

    @Option(
            names = "--look-every",
            paramLabel = "TIME",
            description = "Look whether all is as it should be, beside events (default: 30s).")
    private Duration lookEvery = Duration.ofSeconds(30);

    @Option(
            names = "--swarm",
            description = "Run services of the swarm that the first Engine is a manager of."
                    + " A port's address, a network that is none of a swarm's, and engines can't be declared then.")
    private boolean swarm;

    @ArgGroup
    private @Nullable End end;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "How long a container may take to end (default: 10s).")
    private Duration grace = Duration.ofSeconds(10);

    @Spec
    private @Nullable CommandSpec spec;

    private final Mono<Void> stop;
    private final PrintStream out;

    /** What becomes of the containers at the end; without either they go on. */
    private static final class End {
        @Option(names = "--stop", description = "Stop the containers at the end.")
        private boolean stop;

        @Option(names = "--remove", description = "Stop and remove the containers at the end.")
        private boolean remove;

        private AtEnd chosen() {
            if (remove) {
                return AtEnd.REMOVE;
            }
            return stop ? AtEnd.STOP : AtEnd.LEAVE;
        }
    }

    /** One that ends when {@code stop} completes, and prints to {@code out}. */
    Orchestrator(Mono<Void> stop, PrintStream out) {
        this.stop = stop;
        this.out = out;
    }

    /** Runs until it is interrupted. */
    public static void main(String[] args) {
        StopSignal stop = StopSignal.install(Duration.ofMinutes(5));
        stop.exit(commandLine(new Orchestrator(stop.asked(), System.out)).execute(args));
    }

    static CommandLine commandLine(Orchestrator orchestrator) {
        return new CommandLine(orchestrator)
                .registerConverter(Duration.class, Spans::parse)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("orchestrator: " + failure.getMessage());
                    return command.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    @Override
    public Integer call() {
        Declaration declaration = declaration();
        Settings settings =
                new Settings(starts == null ? 0 : starts, lookEvery, end == null ? AtEnd.LEAVE : end.chosen(), grace);
        // One event loop for all: sockets, timers and decisions.
        LoopResources loops = LoopResources.create("orchestrator", 1, true);
        Scheduler loop = Schedulers.fromExecutorService(loops.onClient(true).next());
        List<DockerClient> clients = new ArrayList<>();
        Sinks.Many<Report> reports = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<Report>get(REPORTS).get());
        try {
            List<Keeper> keepers = new ArrayList<>();
            declaration.engines().forEach((engine, address) -> {
                if (swarm && !clients.isEmpty()) {
                    return; // The swarm knows its nodes itself.
                }
                DockerClient docker = client(address, loops);
                clients.add(docker);
                keepers.add(
                        swarm
                                ? new SwarmKeeper(docker, declaration, settings, loop, reports::tryEmitNext)
                                : new EngineKeeper(engine, docker, declaration, settings, loop, reports::tryEmitNext));
            });
            // The stop comes on the loop too: nothing happens on two threads.
            show(reports.asFlux()
                    .mergeWith(work(keepers, stop.publishOn(loop)).doFinally(how -> reports.tryEmitComplete())));
            return CommandLine.ExitCode.OK;
        } finally {
            clients.forEach(DockerClient::close);
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block();
        }
    }

    private static Mono<Report> work(List<Keeper> keepers, Mono<Void> stop) {
        int all = keepers.size();
        return Flux.fromIterable(keepers)
                .flatMap(keeper -> keeper.keep(stop), all)
                .thenMany(Flux.fromIterable(keepers).flatMap(Keeper::drain, all))
                .then(Mono.empty());
    }

    /** On this thread, so that a slow terminal holds up no event loop. */
    private void show(Flux<Report> reports) {
        Board board = new Board(out, Terminal.isInteractive());
        try (Stream<Report> all = reports.toStream()) {
            all.forEach(board::show);
        }
    }

    private DockerClient client(String address, LoopResources loops) {
        String named = address.isEmpty() ? host : address;
        return DockerClient.create(config -> {
            config.eventLoops(loops);
            if (named != null) {
                config.host(named);
            }
        });
    }

    private Declaration declaration() {
        if (starts != null && starts < 1) {
            throw wrong("--starts is less than 1: " + starts, null);
        }
        if (lookEvery.isZero()) {
            throw wrong("--look-every is nothing", null);
        }
        try {
            Declaration declaration = Declaration.read(file);
            if (swarm) {
                ServiceSpecs.requirePossible(declaration);
            }
            return declaration;
        } catch (IllegalArgumentException wrong) {
            throw wrong(file + ": " + wrong.getMessage(), wrong);
        }
    }

    private ParameterException wrong(String message, @Nullable Throwable cause) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message, cause);
    }
}
