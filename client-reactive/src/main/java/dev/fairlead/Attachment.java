package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerAttachOptions;
import dev.fairlead.model.ContainerAttachWebSocketOptions;
import dev.fairlead.model.ContainerConfig;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerLogsOptions;
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

    private final Http http;

    Attachment(Http http) {
        this.http = http;
    }

    Flux<OutputFrame> logs(String id, ContainerLogsOptions asked) {
        ContainerLogsOptions options = asked.stdout() || asked.stderr()
                ? asked
                : asked.toBuilder().stdout(true).stderr(true).build();
        return Logs.read(http, http.get("/containers/{id}/logs", id).options(options), () -> inspect(id)
                .map(ContainerConfig::tty));
    }

    /** Attaches after a look at the container: it alone says whether it has a terminal, and whether its input can end. */
    Mono<Session> attach(String id, ContainerAttachOptions asked) {
        return inspect(id).flatMap(config -> attach(id, asked, config.tty(), config.stdinOnce()));
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
        return http.version().flatMap(version -> {
            boolean chooses = version.isAtLeast(WEB_SOCKETS_CHOOSE);
            ContainerAttachWebSocketOptions options = withDefaults(asked, chooses);
            boolean stdin = options.stdin() || !chooses;
            Request request = http.get("/containers/{id}/attach/ws", id).options(options);
            return request.supported().then(inspect(id)).flatMap(config -> request.webSocket()
                    .map(duplex -> new Session(
                            duplex, inputEnd(stdin, config.tty(), config.stdinOnce()), size -> resize(id, size))));
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
                .query("h", size.height())
                .query("w", size.width())
                .done();
    }

    private Mono<ContainerConfig> inspect(String id) {
        return http.get("/containers/{id}/json", id)
                .as(ContainerInspectResponse.class)
                .map(container -> {
                    ContainerConfig config = container.config();
                    return config == null ? ContainerConfig.builder().build() : config;
                });
    }
}
