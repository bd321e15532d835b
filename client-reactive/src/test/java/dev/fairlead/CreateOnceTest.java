package dev.fairlead;

import static dev.fairlead.OnFakeEngine.LIMIT;
import static dev.fairlead.OnFakeEngine.failure;
import static dev.fairlead.OnFakeEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerCreateResponse;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** What is done with retries on: {@code create} once at most, what reads as often as it was said. */
@Timeout(60)
class CreateOnceTest {

    private static final String CREATED = "{\"Id\":\"c\",\"Warnings\":[]}";

    private static void quick(DockerConfig.Builder config) {
        config.apiVersion(ApiVersion.of(1, 51))
                .retries(Retries.of(
                        how -> how.attempts(4).firstWait(Duration.ofMillis(1)).longestWait(Duration.ofMillis(20))));
    }

    @Test
    void createsOnceWhereverTheConnectionBreaks() throws IOException {
        byte[] answer = ("HTTP/1.1 201 Created\r\nContent-Length: " + CREATED.length() + "\r\n\r\n" + CREATED)
                .getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < answer.length; cut += 9) {
            byte[] part = Arrays.copyOf(answer, cut);
            try (OnFakeEngine fake = new OnFakeEngine("1.51", CreateOnceTest::quick)) {
                fake.engine.on("GET", "/info", exchange -> exchange.answer(200, "{}"));
                fake.engine.on("POST", "/containers/create", exchange -> {
                    exchange.raw(part);
                    exchange.close();
                });
                // By a connection that was used before, too, where a close may be taken for an old one.
                if (cut % 2 == 0) {
                    get(fake.docker.system().info());
                }
                failure(DockerException.class, fake.docker.containers().create("x"));
                assertThat(fake.engine.requests("POST", "/containers/create")).hasSize(1);
            }
        }
    }

    @Test
    void createsOnceWhateverTheEngineAnswers() throws IOException {
        for (int status : new int[] {409, 429, 500, 502, 503, 504}) {
            try (OnFakeEngine fake = new OnFakeEngine("1.51", CreateOnceTest::quick)) {
                fake.engine.on(
                        "POST", "/containers/create", exchange -> exchange.answer(status, "{\"message\":\"no\"}"));
                failure(DockerException.class, fake.docker.containers().create("x"));
                assertThat(fake.engine.requests("POST", "/containers/create")).hasSize(1);
            }
        }
    }

    @Test
    void createsOnceWhenTheAnswerIsLate() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51", config -> {
            quick(config);
            config.responseTimeout(Duration.ofMillis(100));
        })) {
            fake.engine.on("POST", "/containers/create", exchange -> exchange.awaitPeerClosed(LIMIT));
            ConnectionFailed late =
                    failure(ConnectionFailed.class, fake.docker.containers().create("x"));
            assertThat(late.isPassing()).isFalse();
            // On a busy machine the Engine reads it when the client has given up.
            fake.engine.awaitRequests(1, LIMIT);
            assertThat(fake.engine.requests()).hasSize(1);
        }
    }

    @Test
    void createsWhenTheEngineIsThereAtLast() throws Exception {
        int port;
        try (FakeEngine gone = FakeEngine.tcp()) {
            port = gone.port();
        }
        try (DockerClient docker = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port)
                .apiVersion(ApiVersion.of(1, 51))
                .retries(Retries.of(how -> how.attempts(1000)
                        .budget(1000)
                        .firstWait(Duration.ofMillis(20))
                        .longestWait(Duration.ofMillis(20)))))) {
            CompletableFuture<ContainerCreateResponse> created =
                    docker.containers().create("x").toFuture();
            try (FakeEngine engine = FakeEngine.tcp(
                    port, late -> late.on("POST", "/containers/create", exchange -> exchange.answer(201, CREATED)))) {
                assertThat(created.get(10, TimeUnit.SECONDS).id()).isEqualTo("c");
                assertThat(engine.requests()).hasSize(1);
            }
        }
    }

    @Test
    void readsAgainAsOftenAsItWasSaid() throws IOException {
        try (OnFakeEngine fake = new OnFakeEngine("1.51", CreateOnceTest::quick)) {
            fake.engine.on("GET", "/info", exchange -> {
                exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{");
                exchange.close();
            });
            failure(DockerException.class, fake.docker.system().info());
            assertThat(fake.engine.requests()).hasSize(4);
            fake.engine.on("POST", "/images/x/tag", exchange -> exchange.close());
            failure(ConnectionFailed.class, fake.docker.images().tag("x", "y"));
            assertThat(fake.engine.requests("POST", "/images/x/tag")).hasSize(4);
        }
        try (OnFakeEngine once = new OnFakeEngine("1.51", config -> config.apiVersion(ApiVersion.of(1, 51)))) {
            once.engine.on("GET", "/info", exchange -> exchange.close());
            failure(ConnectionFailed.class, once.docker.system().info());
            assertThat(once.engine.requests()).hasSize(1);
        }
    }

    /** A ping that is lost has asked for nothing yet. */
    @Test
    void agreesOnAVersionAgainBeforeItCreates() throws IOException {
        try (OnFakeEngine fake = new OnFakeEngine(
                "1.44", config -> config.retries(Retries.of(how -> how.firstWait(Duration.ofMillis(1)))))) {
            fake.engine.on("HEAD", "/_ping", exchange -> exchange.close());
            fake.engine.on("GET", "/_ping", exchange -> {
                if (fake.engine.requests("GET", "/_ping").size() < 3) {
                    exchange.close();
                } else {
                    exchange.answer(200, Map.of("Content-Type", "text/plain"), "OK");
                }
            });
            fake.engine.on("POST", "/containers/create", exchange -> exchange.answer(201, CREATED));
            assertThat(get(fake.docker.containers().create("x")).id()).isEqualTo("c");
            assertThat(fake.engine.requests("POST", "/containers/create"))
                    .extracting(request -> request.apiVersion().orElseThrow())
                    .containsExactly("1.44");
        }
    }

    @Test
    void saysWhenNoVersionWasAgreedOnInTime() throws IOException {
        try (OnFakeEngine fake =
                new OnFakeEngine("1.51", config -> config.negotiationTimeout(Duration.ofMillis(100)))) {
            fake.engine.on("HEAD", "/_ping", exchange -> exchange.awaitPeerClosed(LIMIT));
            assertThat(failure(ConnectionFailed.class, fake.docker.containers().create("x")))
                    .hasMessageContaining("no API version was agreed on within 100 ms")
                    .hasMessageContaining("GET /_ping");
            fake.engine.on("HEAD", "/_ping", exchange -> exchange.answer(200, Map.of(), ""));
            fake.engine.on("POST", "/containers/create", exchange -> exchange.answer(201, CREATED));
            get(fake.docker.containers().create("x"));
        }
    }

    @Test
    void aViewOfTheClientWaitsLessOnTheSameConnections() throws IOException {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine.on("GET", "/info", exchange -> exchange.answer(200, "{}"));
            fake.engine.on("GET", "/version", exchange -> exchange.awaitPeerClosed(LIMIT));
            DockerClient hasty = fake.docker.withResponseTimeout(Duration.ofMillis(100));
            get(fake.docker.system().info());
            get(hasty.system().info());
            assertThat(fake.engine.connections()).isEqualTo(1);
            assertThat(failure(ConnectionFailed.class, hasty.system().version()))
                    .hasMessageContaining("no answer within 100 ms");
            get(Mono.firstWithSignal(
                    fake.docker.system().version().thenReturn("answered").onErrorReturn("failed"),
                    hasty.system().version().thenReturn("answered").onErrorReturn("hasty failed")));
        }
    }
}
