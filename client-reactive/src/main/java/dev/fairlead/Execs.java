package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.model.ExecCreateOptions;
import dev.fairlead.model.ExecInspectResponse;
import dev.fairlead.model.ExecStartOptions;
import dev.fairlead.model.IDResponse;
import dev.fairlead.model.ProcessConfig;
import dev.fairlead.model.TerminalSize;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Programs that are run in a container beside its own.
 *
 * <p>A program is not tied to the connection: when its session is cancelled or closed, it goes on. Its exit code is known as soon as
 * its output has ended. A program that is to be ended by its caller is made by {@link #open}, or run with {@code killOnCancel(true)}.
 */
public final class Execs {

    private static final Waits LOOKS = new Waits(Duration.ofMillis(20), Duration.ofSeconds(1));

    private final Http http;
    private final ExecProcedure runs;

    Execs(Http http) {
        this.http = http;
        this.runs = new ExecProcedure(this);
    }

    /**
     * Prepares a program whose output can be read, and does not start it. Engine operation {@code ContainerExec}.
     *
     * @param container the container, which must run
     * @param command the program and its arguments
     * @return the exec's id
     */
    public Mono<String> create(String container, String... command) {
        return create(container, exec -> exec.cmd(command).attachStdout(true).attachStderr(true));
    }

    /** As {@link #create(String, String...)}, with all that an exec can be told; it attaches to what the options say and no more. */
    public Mono<String> create(String container, Consumer<ExecCreateOptions.Builder> options) {
        ExecCreateOptions.Builder builder = ExecCreateOptions.builder();
        options.accept(builder);
        return create(container, withProgram(builder.build()));
    }

    private static ExecCreateOptions withProgram(ExecCreateOptions options) {
        if (options.cmd().isEmpty()) {
            throw new IllegalArgumentException("cmd is empty: an exec needs a program");
        }
        return options;
    }

    Mono<String> create(String container, ExecCreateOptions options) {
        return http.post("/containers/{id}/exec", container)
                .options(options)
                .as(IDResponse.class)
                .map(IDResponse::id);
    }

    /**
     * Makes an exec whose processes can be found again. Each subscription has a mark of its own: by a common one, whoever ends his
     * program would end those of the others.
     */
    <T> Mono<T> createMarked(
            String container, ExecCreateOptions options, BiFunction<Mono<String>, ExecProcesses, Mono<T>> use) {
        // Only for what it refuses: that is to be said before anybody subscribes.
        var unused = create(container, options);
        return Mono.defer(() -> {
            ExecProcesses processes = new ExecProcesses(this, container, options);
            return use.apply(create(container, processes.marked()), processes);
        });
    }

    /**
     * Starts a program and connects to it. Engine operation {@code ExecStart}.
     *
     * <p>Emits when the Engine has connected. A program that can't be run is no error here: the Engine writes why to its output, and
     * its exit code is 126 or 127.
     */
    public Mono<ExecSession> start(String exec) {
        return connect(exec, ExecStartOptions.builder());
    }

    /** As {@link #start(String)}, with the first size of its terminal; API 1.42. Ignored by the Engine when it has none. */
    public Mono<ExecSession> start(String exec, TerminalSize size) {
        return connect(exec, ExecStartOptions.builder().consoleSize(size));
    }

    /**
     * Makes and starts a program and connects to its input and both of its outputs. Engine operations {@code ContainerExec} and
     * {@code ExecStart}.
     *
     * <p>Unlike the session of {@link #start}, this one can end the program, by {@link ExecSession#kill}.
     *
     * @param container the container, which must run
     * @param command the program and its arguments
     */
    public Mono<ExecSession> open(String container, String... command) {
        return open(container, exec -> exec.cmd(command));
    }

    /** As {@link #open(String, String...)}, with all that an exec can be told. */
    public Mono<ExecSession> open(String container, Consumer<ExecCreateOptions.Builder> options) {
        ExecCreateOptions.Builder builder =
                ExecCreateOptions.builder().attachStdin(true).attachStdout(true).attachStderr(true);
        options.accept(builder);
        ExecCreateOptions made = withProgram(builder.build());
        return createMarked(
                container,
                made,
                (created, processes) -> created.flatMap(
                        id -> connect(id, ExecStartOptions.builder(), made.tty(), made.attachStdin(), processes)));
    }

    private Mono<ExecSession> connect(String exec, ExecStartOptions.Builder options) {
        // The Engine goes by what start says and not by what create said, and mixes the outputs up when they differ.
        return inspect(exec).flatMap(made -> connect(exec, options, hasTerminal(made), made.openStdin(), null));
    }

    Mono<ExecSession> connect(
            String exec,
            ExecStartOptions.Builder options,
            boolean tty,
            boolean stdin,
            @Nullable ExecProcesses processes) {
        Session.InputEnd inputEnd =
                !stdin ? Session.InputEnd.NO_INPUT : tty ? Session.InputEnd.END_KEY : Session.InputEnd.HALF_CLOSE;
        return http.post("/exec/{id}/start", exec)
                .options(options.detach(false).tty(tty).build())
                .session(tty)
                .map(duplex -> new ExecSession(exec, duplex, inputEnd, this, processes));
    }

    private static boolean hasTerminal(ExecInspectResponse exec) {
        ProcessConfig process = exec.processConfig();
        return process != null && process.tty();
    }

    /**
     * Starts a program and leaves it alone. Engine operation {@code ExecStart}. Completes when it runs; fails when it can't be run.
     */
    public Mono<Void> startDetached(String exec) {
        return inspect(exec).flatMap(made -> http.post("/exec/{id}/start", exec)
                .options(ExecStartOptions.of(start -> start.detach(true).tty(hasTerminal(made))))
                .done());
    }

    /** What is known of a program: whether it runs, and how it ended. Engine operation {@code ExecInspect}. */
    public Mono<ExecInspectResponse> inspect(String exec) {
        return http.get("/exec/{id}/json", exec).as(ExecInspectResponse.class);
    }

    /**
     * Tells a program's terminal how large it is. Engine operation {@code ExecResize}. The program must run: before, the Engine waits
     * for it 10 s and fails.
     */
    public Mono<Void> resize(String exec, TerminalSize size) {
        return http.post("/exec/{id}/resize", exec)
                .idempotent()
                .query("h", size.height())
                .query("w", size.width())
                .patient()
                .done();
    }

    /** The exit code of a program, when it has one. */
    Mono<Long> exitCode(String exec) {
        return inspect(exec)
                .mapNotNull(state -> state.running() ? null : state.exitCode())
                .repeatWhenEmpty(empty -> empty.concatMap(this::pause));
    }

    /** Before a program is looked at once more; over at once when the client is closed. */
    Mono<Long> pause(long turn) {
        Duration length = LOOKS.after((int) Math.min(turn, Integer.MAX_VALUE), 1);
        return http.untilClosed("GET /exec/{id}/json", Mono.delay(length));
    }

    /**
     * Runs a program to its end and gives its exit code and what it wrote, 16 MiB of it at most.
     *
     * @param container the container, which must run
     * @param command the program and its arguments
     */
    public Mono<ExecResult> run(String container, String... command) {
        return run(container, exec -> exec.cmd(command));
    }

    /**
     * As {@link #run(String, String...)}, with input, environment and all else; and with output of any length, taken as it comes.
     *
     * <p>Fails when the input's source fails. Cancelling closes the connection, and the program goes on unless
     * {@code killOnCancel(true)} was said.
     */
    public Mono<ExecResult> run(String container, Consumer<ExecRunOptions.Builder> options) {
        return runs.run(container, ExecRunOptions.of(options));
    }
}
