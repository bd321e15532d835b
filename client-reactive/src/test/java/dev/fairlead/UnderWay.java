package dev.fairlead;

import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Each kind of thing that can be under way when a client is closed; on {@link #engine} none of them ever ends. */
enum UnderWay {
    CALL("/containers/json", docker -> docker.containers().list()),
    LONG_CALL("/containers/x/start", docker -> docker.containers().start("x")),
    STREAM("/containers/x/logs", docker -> docker.containers().logs("x")),
    STREAM_NOT_ASKED_FOR(
            "/containers/x/logs", docker -> new NoDemand<>(docker.containers().logs("x"))),
    RESUMED_LOG("/containers/x/logs", docker -> docker.containers()
            .logLines("x", log -> log.follow(true).resume(Reconnect.defaults()))),
    EVENTS("/events", docker -> docker.system().events()),
    EVENT_SIGNALS("/events", docker -> docker.system().eventSignals(events -> {})),
    SESSION("/exec/x/start", docker -> docker.execs().start("x").flatMapMany(Session::output)),
    SESSION_WRITE("/exec/x/start", docker -> docker.execs()
            .start("x")
            // A write that is cancelled leaves its session open.
            .flatMap(session -> session.write(Flux.never()).doOnCancel(session::close))),
    UPLOAD("/images/load", docker -> docker.images().load(Flux.never()).result()),
    TRANSFER("/images/create", docker -> docker.images().pull("x:1").result()),
    RAW_CONNECTION("/session", docker -> docker.session("x").flatMapMany(RawConnection::input));

    static final Duration LIMIT = Duration.ofSeconds(10);

    private final String path;

    @SuppressWarnings("ImmutableEnumChecker") // A lambda that holds nothing.
    private final Function<DockerClient, Publisher<?>> begin;

    UnderWay(String path, Function<DockerClient, Publisher<?>> begin) {
        this.path = path;
        this.begin = begin;
    }

    Publisher<?> on(DockerClient docker) {
        return begin.apply(docker);
    }

    /** Waits until the Engine has been asked for it so often; some ask for other things first. */
    void awaitAsked(FakeEngine engine, int times) throws InterruptedException {
        for (int all = times; timesAsked(engine) < times; all++) {
            engine.awaitRequests(all, LIMIT);
        }
    }

    private long timesAsked(FakeEngine engine) {
        return engine.requests().stream()
                .filter(request -> request.path().endsWith(path))
                .count();
    }

    /** Starts whatever it is asked for, and never ends it. */
    static FakeEngine engine() throws IOException {
        FakeEngine engine = FakeEngine.tcp().apiVersion("1.51");
        engine.on("GET", "/containers/json", exchange -> exchange.awaitPeerGone(LIMIT));
        engine.on("POST", "/containers/x/start", exchange -> exchange.awaitPeerGone(LIMIT));
        engine.on("GET", "/containers/x/json", exchange -> exchange.answer(200, "{\"Id\":\"x\",\"Config\":{}}"));
        engine.on(
                "GET",
                "/exec/x/json",
                exchange -> exchange.answer(200, "{\"OpenStdin\":true,\"ProcessConfig\":{\"tty\":true}}"));
        engine.on("GET", "/containers/x/logs", UnderWay::logs);
        engine.on("GET", "/events", exchange -> chunked(exchange, ""));
        engine.on("POST", "/exec/x/start", exchange -> {
            exchange.hijack("application/vnd.docker.raw-stream");
            exchange.awaitPeerGone(LIMIT);
        });
        engine.on("POST", "/session", exchange -> {
            exchange.hijack("application/h2c");
            exchange.awaitPeerGone(LIMIT);
        });
        engine.onHead("POST", "/images/load", exchange -> exchange.awaitPeerGone(LIMIT));
        engine.on("POST", "/images/create", exchange -> chunked(exchange, "{\"status\":\"Pulling\"}\n"));
        return engine;
    }

    private static void logs(Exchange exchange) throws IOException {
        byte[] line = "2026-11-24T12:00:00.123456789Z x\n".getBytes(StandardCharsets.UTF_8);
        byte[] frame = ByteBuffer.allocate(8 + line.length)
                .put((byte) 1)
                .putInt(4, line.length)
                .put(8, line)
                .array();
        exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"))
                .write(frame);
        exchange.awaitPeerGone(LIMIT);
    }

    private static void chunked(Exchange exchange, String first) throws IOException {
        var answer = exchange.startChunked(200, Map.of("Content-Type", "application/json"));
        if (!first.isEmpty()) {
            answer.write(first);
        }
        exchange.awaitPeerGone(LIMIT);
    }

    static DockerClient client(FakeEngine engine, Consumer<DockerConfig.Builder> more) {
        return DockerClient.create(config -> {
            config.host(engine.host()).credentials(RegistryCredentials.none());
            more.accept(config);
        });
    }

    /** A subscriber that asks for nothing. */
    private static final class NoDemand<T> extends Flux<T> {

        private final Flux<T> source;

        NoDemand(Flux<T> source) {
            this.source = source;
        }

        @Override
        public void subscribe(reactor.core.CoreSubscriber<? super T> subscriber) {
            source.subscribe(new reactor.core.CoreSubscriber<T>() {
                @Override
                public void onSubscribe(org.reactivestreams.Subscription subscription) {
                    subscriber.onSubscribe(new org.reactivestreams.Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            subscription.cancel();
                        }
                    });
                }

                @Override
                public void onNext(T value) {
                    subscriber.onNext(value);
                }

                @Override
                public void onError(Throwable failure) {
                    subscriber.onError(failure);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            });
        }
    }
}
