package dev.fairlead.dashboard;

import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Somebody else's server, at a port of its own, with an empty page. */
final class OtherOrigin implements AutoCloseable {

    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> response.header("Content-Type", "text/html")
                    .sendString(Mono.just("<!doctype html><title>Other</title>")))
            .bindNow();

    /** The same page is of another site too, where it is asked for by another name of this machine. */
    String at(String name) {
        return "http://" + name + ":" + server.port();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
