package dev.fairlead.samples.monitor;

import dev.fairlead.DockerClient;
import dev.fairlead.samples.Spans;
import dev.fairlead.samples.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** Tells what happens in an Engine, over its restarts, and where something may be missing. */
@Command(
        name = "monitor",
        description = "Tells what happens in an Engine, over its restarts, and says what it missed.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:It ended as asked: by --count, --until or a signal, or nobody reads its output any more.",
            "1:It failed; standard error says why.",
            "2:It was called wrongly.",
            "3:With --fail-on-gap: something may be missing.",
            "4:--until came before --count."
        })
public final class Monitor implements Callable<Integer> {

    static final int GAP = 3;
    static final int TOO_FEW = 4;

    /** How much is taken from the stream ahead of what is printed. */
    private static final int AHEAD = 256;

    /** How much later than asked the end may come. */
    private static final Duration LATE = Duration.ofSeconds(10);

    @Option(
            names = {"-H", "--host"},
            paramLabel = "ADDRESS",
            description = "The Engine; else that of DOCKER_HOST, else that at the usual socket.")
    private @Nullable String host;

    @Option(names = "--type", paramLabel = "TYPE", split = ",", description = "As container, image, network, volume.")
    private List<String> types = List.of();

    @Option(names = "--action", paramLabel = "ACTION", split = ",", description = "As start, die, pull.")
    private List<String> actions = List.of();

    @Option(
            names = "--health",
            paramLabel = "STATE",
            split = ",",
            description = "Changes of a container's health to healthy, unhealthy or starting; besides --action.")
    private List<String> health = List.of();

    @Option(names = "--container", paramLabel = "NAME", split = ",", description = "Of these containers only.")
    private List<String> containers = List.of();

    @Option(names = "--label", paramLabel = "NAME[=VALUE]", description = "Of what has all these labels only.")
    private List<String> labels = List.of();

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "Begin with what happened since a time, or since so long ago.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "WHEN", description = "End at a time, or in so long, such as 10m.")
    private @Nullable String until;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--look", description = "Tell how containers are, at first and after each gap.")
    private boolean look;

    @Option(names = "--fail-on-gap", description = "End with 3 where something may be missing.")
    private boolean failOnGap;

    @Option(names = "--format", paramLabel = "text|json", description = "Lines for people, or for programs.")
    private Style style = Style.text;

    @Spec
    private @Nullable CommandSpec spec;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Mono<Void> stop;
    private final PrintStream out;

    /** The formats, by the names that the command line has for them. */
    enum Style {
        text,
        json
    }

    /** One that ends when {@code stop} completes, and prints to {@code out}. */
    Monitor(Mono<Void> stop, PrintStream out) {
        this.stop = stop;
        this.out = out;
    }

    /** Runs until what is asked for has come, or until it is interrupted. */
    public static void main(String[] args) {
        StopSignal stop = StopSignal.install(Duration.ofSeconds(5));
        stop.exit(commandLine(new Monitor(stop.asked(), System.out)).execute(args));
    }

    static CommandLine commandLine(Monitor monitor) {
        return new CommandLine(monitor).setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("monitor: " + failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    @Override
    public Integer call() {
        Instant now = Instant.now();
        Watch watch = new Watch(
                types, actions, health, containers, labels, moment(since, now, -1), moment(until, now, 1), look);
        if (count < 1) {
            throw wrong("--count is less than 1: " + count, null);
        }
        Format format = style == Style.json ? new JsonFormat() : new TextFormat();
        try (DockerClient docker = client();
                Stream<Line> lines = watch.lines(docker, format)
                        .takeUntilOther(end(watch, now))
                        .takeUntilOther(stop.doOnSuccess(asked -> stopped.set(true)))
                        .toStream(AHEAD)) {
            return print(lines.iterator());
        }
    }

    /** Prints on this thread, so that a slow reader holds up no event loop. */
    private int print(Iterator<Line> lines) {
        long events = 0;
        while (lines.hasNext()) {
            Line line = lines.next();
            out.println(line.text());
            // Nobody reads on: that is no failure, and no line would arrive that says so.
            if (out.checkError()) {
                return CommandLine.ExitCode.OK;
            }
            if (failOnGap && line.kind() == Line.Kind.GAP) {
                return GAP;
            }
            if (line.kind() == Line.Kind.EVENT && ++events == count) {
                return CommandLine.ExitCode.OK;
            }
        }
        return until != null && count != Long.MAX_VALUE && !stopped.get() ? TOO_FEW : CommandLine.ExitCode.OK;
    }

    /** Where it ends by this machine's clock. What began in the past is ended by the Engine's, unless that is away. */
    private static Mono<Void> end(Watch watch, Instant now) {
        Instant until = watch.until();
        if (until == null) {
            return Mono.never();
        }
        Duration left = Duration.between(now, until);
        Duration wait = left.isNegative() ? Duration.ZERO : left;
        return watch.since() == null
                ? Mono.delay(wait).then()
                : Mono.delay(wait.plus(LATE))
                        .then(Mono.error(() -> new IllegalStateException("the Engine was not there at " + until)));
    }

    private DockerClient client() {
        return DockerClient.create(config -> {
            if (host != null) {
                config.host(host);
            }
        });
    }

    private @Nullable Instant moment(@Nullable String text, Instant now, int sign) {
        try {
            return text == null ? null : Spans.moment(text, now, sign);
        } catch (IllegalArgumentException neither) {
            throw wrong(String.valueOf(neither.getMessage()), neither);
        }
    }

    private ParameterException wrong(String message, @Nullable Throwable cause) {
        CommandSpec own = Objects.requireNonNull(spec);
        return new ParameterException(own.commandLine(), message, cause);
    }
}
