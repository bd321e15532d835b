package dev.fairlead;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerAttachOptions;
import dev.fairlead.model.ContainerAttachWebSocketOptions;
import dev.fairlead.model.ContainerConfig;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerLogsOptions;
import dev.fairlead.model.ContainerState;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.OperationOptions;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.RequestParameter;
import dev.fairlead.model.TerminalSize;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The output of containers, whose form depends on whether they have a terminal. */
final class Attachment {

    /** Before, a WebSocket is attached to all three, whatever the request says. */
    private static final ApiVersion WEB_SOCKETS_CHOOSE = ApiVersion.of(1, 42);

    private static final String ATTACH = "POST /containers/{id}/attach";
    private static final String ATTACH_WEB_SOCKET = "GET /containers/{id}/attach/ws";

    private final Http http;

    Attachment(Http http) {
        this.http = http;
    }

    Flux<OutputFrame> logs(String id, ContainerLogsOptions asked) {
        ContainerLogsOptions options = asked.stdout() || asked.stderr()
                ? asked
                : asked.toBuilder().stdout(true).stderr(true).build();
        return Logs.read(http, http.get("/containers/{id}/logs", id).options(options), () -> inspect(id)
                .map(container -> config(container).tty()));
    }

    /** Attaches after a look at the container: it alone says whether it has a terminal, and whether its input can end. */
    Mono<Session> attach(String id, ContainerAttachOptions asked) {
        boolean waits = withDefaults(asked).stream();
        return inspect(id).flatMap(container -> {
            ContainerConfig config = config(container);
            return whileItLives(ATTACH, id, waits, container, attach(id, asked, config.tty(), config.stdinOnce()));
        });
    }

    /** Attaches and starts then: what is written is all seen. */
    Mono<Session> startAttached(String id, ContainerAttachOptions asked) {
        ContainerAttachOptions options = asked.toBuilder().stream(true).build();
        Request start = http.post("/containers/{id}/start", id).patient();
        return inspect(id)
                .map(Attachment::config)
                .flatMap(config -> attach(id, options, config.tty(), config.stdinOnce()))
                .flatMap(session -> start.outcome()
                        .thenReturn(session)
                        .doOnError(failure -> session.close())
                        .doOnCancel(session::close));
    }

    /**
     * The session, unless the container has ended: an Engine attaches to it all the same, and the output would neither come nor end
     * until somebody starts it again.
     */
    private Mono<Session> whileItLives(
            String operation, String id, boolean waits, ContainerInspectResponse container, Mono<Session> attached) {
        ContainerState state = container.state();
        if (!waits || state == null) {
            return attached;
        }
        if (hasEnded(state)) {
            return Mono.error(ended(operation, id, state));
        }
        if (!state.running()) {
            return attached;
        }
        // It may have ended before the Engine attached: from now on the end would be seen.
        return attached.flatMap(session -> inspect(id)
                .mapNotNull(ContainerInspectResponse::state)
                .filter(Attachment::hasEnded)
                .flatMap(now -> Mono.<Session>error(ended(operation, id, now)))
                .defaultIfEmpty(session)
                .doOnError(failure -> session.close())
                .doOnCancel(session::close));
    }

    private static boolean hasEnded(ContainerState state) {
        ContainerStatus status = state.status();
        return ContainerStatus.EXITED.equals(status)
                || ContainerStatus.DEAD.equals(status)
                || ContainerStatus.REMOVING.equals(status);
    }

    private static Conflict ended(String operation, String id, ContainerState state) {
        return new Conflict(
                operation,
                0,
                "container " + id + " has ended with exit code " + state.exitCode()
                        + " and would have no output until it is started again",
                "logs(id) has what it wrote, startAttached(id) starts it again");
    }

    Mono<Session> attach(String id, ContainerAttachOptions asked, boolean tty, boolean stdinOnce) {
        ContainerAttachOptions options = withDefaults(asked);
        Session.InputEnd inputEnd = inputEnd(options.stdin(), tty, stdinOnce);
        return http.post("/containers/{id}/attach", id)
                .options(options)
                .session(tty)
                .map(duplex -> new Session(duplex, inputEnd, size -> resize(id, size)));
    }

    Mono<Session> attachWebSocket(String id, ContainerAttachWebSocketOptions asked) {
        // What is no id is refused before the Engine is asked for its version.
        var unused = http.get("/containers/{id}/attach/ws", id);
        return http.version().flatMap(version -> {
            boolean chooses = version.isAtLeast(WEB_SOCKETS_CHOOSE);
            ContainerAttachWebSocketOptions options = withDefaults(asked, chooses);
            boolean stdin = options.stdin() || !chooses;
            Request request = http.get("/containers/{id}/attach/ws", id).options(options);
            return request.supported().then(inspect(id)).flatMap(container -> {
                ContainerConfig config = config(container);
                Mono<Session> attached = request.webSocket()
                        .map(duplex -> new Session(
                                duplex, inputEnd(stdin, config.tty(), config.stdinOnce()), size -> resize(id, size)));
                return whileItLives(ATTACH_WEB_SOCKET, id, options.stream(), container, attached);
            });
        });
    }

    private static ContainerAttachWebSocketOptions withDefaults(
            ContainerAttachWebSocketOptions asked, boolean chooses) {
        ContainerAttachWebSocketOptions.Builder options = asked.toBuilder();
        if (!isSet(asked, "stream") && !isSet(asked, "logs")) {
            options.stream(true);
        }
        if (chooses && !isSet(asked, "stdout") && !isSet(asked, "stderr")) {
            options.stdout(true).stderr(true);
        }
        return options.build();
    }

    private static Session.InputEnd inputEnd(boolean stdin, boolean tty, boolean stdinOnce) {
        if (!stdin) {
            return Session.InputEnd.NO_INPUT;
        }
        if (tty) {
            return Session.InputEnd.END_KEY;
        }
        return stdinOnce ? Session.InputEnd.HALF_CLOSE : Session.InputEnd.IMPOSSIBLE;
    }

    /** Live output of both streams, where nothing else was said: without, the Engine would connect to nothing. */
    private static ContainerAttachOptions withDefaults(ContainerAttachOptions asked) {
        ContainerAttachOptions.Builder options = asked.toBuilder();
        if (!isSet(asked, "stream") && !isSet(asked, "logs")) {
            options.stream(true);
        }
        if (!isSet(asked, "stdout") && !isSet(asked, "stderr")) {
            options.stdout(true).stderr(true);
        }
        return options.build();
    }

    private static boolean isSet(OperationOptions options, String name) {
        return options.parameters().stream().map(RequestParameter::name).anyMatch(name::equals);
    }

    private Mono<Void> resize(String id, TerminalSize size) {
        return http.post("/containers/{id}/resize", id)
                .idempotent()
                .query("h", size.height())
                .query("w", size.width())
                .done();
    }

    private Mono<ContainerInspectResponse> inspect(String id) {
        return http.get("/containers/{id}/json", id).as(ContainerInspectResponse.class);
    }

    private static ContainerConfig config(ContainerInspectResponse container) {
        ContainerConfig config = container.config();
        return config == null ? ContainerConfig.builder().build() : config;
    }
}
