package dev.fairlead.observation;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** As much of an Engine as shows what is observed: a ping, an image, a refusal, and a stream that a test feeds. */
final class StubEngine implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(20);

    final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
    final Sinks.Many<String> samples = Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicInteger connections = new AtomicInteger();
    private final DisposableServer server;

    StubEngine() {
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    requests.add(request);
                    String path = request.uri().replaceAll("\\?.*", "");
                    response.header("Api-Version", "1.51").header("Content-Type", "application/json");
                    if (path.endsWith("/_ping")) {
                        return response.send();
                    }
                    if (path.endsWith("/images/json")) {
                        return response.sendString(Mono.just("[]"));
                    }
                    if (path.endsWith("/stats")) {
                        return response.sendString(samples.asFlux(), StandardCharsets.UTF_8);
                    }
                    if (path.endsWith("/events")) {
                        return events(request, response);
                    }
                    return response.status(404).sendString(Mono.just("{\"message\":\"No such thing\"}"));
                })
                .bindNow(LIMIT);
    }

    /** An Engine that is restarted after one event, and remembers nothing then. */
    private Publisher<Void> events(HttpServerRequest request, HttpServerResponse response) {
        if (request.uri().contains("until=")) {
            return response.send();
        }
        long second = Instant.now().getEpochSecond();
        Mono<String> event = Mono.just("{\"Type\":\"image\",\"Action\":\"tag\",\"time\":" + second + "}\n");
        return response.sendString(
                connections.getAndIncrement() == 0 ? event : event.concatWith(Mono.never()), StandardCharsets.UTF_8);
    }

    DockerClient client(Consumer<DockerConfig.Builder> more) {
        return DockerClient.create(config -> {
            config.host(host());
            more.accept(config);
        });
    }

    String host() {
        return "tcp://127.0.0.1:" + server.port();
    }

    /** Sends each of these pieces of a stream. */
    void feed(String... texts) {
        for (String text : texts) {
            samples.emitNext(text, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    @Override
    public void close() {
        server.disposeNow(LIMIT);
    }
}
