package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.ExecSession;
import dev.fairlead.core.error.DockerException;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A shell in a container, in a terminal.
 *
 * <p>Binary messages are what is typed and what is shown. Texts from the page are {@code {"more":8}}, messages that it will take, and
 * {@code {"rows":24,"columns":80}}; the last one to it has the exit code, or the failure. The shell is ended with the WebSocket: the
 * Engine would let it go on.
 */
@Component
final class TerminalSocket implements WebSocketHandler {

    /** Frames of output that may be owed, each of at most 64 KiB. */
    private static final int MOST = 32;

    private static final String SHELL = "command -v bash >/dev/null && exec bash; exec sh";

    private final DockerClient docker;
    private final Json json;

    TerminalSocket(DockerClient docker, Json json) {
        this.docker = docker;
        this.json = json;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        String container = ContainerId.of(session.getHandshakeInfo().getUri());
        return Mono.usingWhen(
                        docker.execs().open(container, exec -> exec.tty(true)
                                .env("TERM=xterm-256color")
                                .cmd("sh", "-c", SHELL)),
                        exec -> talk(session, exec),
                        TerminalSocket::end)
                .onErrorResume(
                        DockerException.class,
                        failure -> session.send(
                                Mono.just(session.textMessage(json.text(Map.of("failure", Failure.of(failure)))))));
    }

    private Mono<Void> talk(WebSocketSession session, ExecSession exec) {
        TerminalInput input = new TerminalInput(json);
        Flux<WebSocketMessage> output = exec.output()
                .map(frame -> session.binaryMessage(buffers -> buffers.wrap(frame.bytes())))
                .concatWith(exec.exitCode().map(code -> session.textMessage(json.text(Map.of("exit", code)))));
        Mono<Void> shown = session.send(Asked.of(output, input.asks(), MOST));
        Mono<Void> heard = session.receive().doOnNext(input::accept).then().doFinally(end -> input.end());
        // A shell that has ended takes no more: that is told by its output.
        Mono<Void> typed = exec.write(input.typed()).onErrorComplete(DockerException.class);
        Mono<Void> sized = input.sizes()
                .onBackpressureLatest()
                .concatMap(size -> exec.resize(size).onErrorComplete(DockerException.class), 0)
                .then();
        return Mono.firstWithSignal(shown, Mono.when(heard, typed, sized).then(Mono.never()));
    }

    private static Mono<Void> end(ExecSession exec) {
        return exec.kill().onErrorComplete().then(Mono.fromRunnable(exec::close));
    }
}
