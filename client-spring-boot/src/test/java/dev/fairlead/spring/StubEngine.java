package dev.fairlead.spring;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** As much of an Engine as an application's start and health need. */
final class StubEngine implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(20);

    final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
    /** Whether it answers anything but pings. */
    volatile boolean answers = true;

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final DisposableServer server;

    StubEngine() {
        this(null);
    }

    private StubEngine(@Nullable SslContext tls) {
        HttpServer plain = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnChannelInit((observer, channel, address) -> connections.add(channel));
        HttpServer http = tls == null ? plain : plain.secure(spec -> spec.sslContext(tls));
        this.server = http.handle((request, response) -> {
                    requests.add(request);
                    response.header("Api-Version", "1.51").header("Content-Type", "application/json");
                    if (request.uri().endsWith("/_ping")) {
                        return response.send();
                    }
                    if (!answers) {
                        return Mono.never();
                    }
                    if (request.uri().endsWith("/version")) {
                        return response.sendString(Mono.just("{\"Version\":\"28.5.1\",\"ApiVersion\":\"1.51\"}"));
                    }
                    if (request.uri().contains("/images/json")) {
                        return response.sendString(Mono.just("[]"));
                    }
                    return response.status(404).sendString(Mono.just("{\"message\":\"No such thing\"}"));
                })
                .bindNow(LIMIT);
    }

    /** One that speaks TLS with those alone who have this certificate, which is its own as well. */
    static StubEngine mutual(Path certificate, Path key) throws SSLException {
        return new StubEngine(SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                .trustManager(certificate.toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build());
    }

    int port() {
        return server.port();
    }

    String host() {
        return "tcp://127.0.0.1:" + port();
    }

    void stop() {
        server.disposeNow(LIMIT);
        connections.close().awaitUninterruptibly(LIMIT.toMillis());
    }

    @Override
    public void close() {
        stop();
    }
}
