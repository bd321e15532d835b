package dev.fairlead.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FakeEngineTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private FakeEngine engine(String kind) throws IOException {
        return kind.equals("unix") ? FakeEngine.unix(directory.resolve("docker.sock")) : FakeEngine.tcp();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void answersPingsOnOneConnection(String kind) throws Exception {
        try (FakeEngine engine = engine(kind).apiVersion("1.45");
                RawClient client = RawClient.connect(engine.host())) {
            client.send("HEAD /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).contains("200 OK").contains("Api-Version: 1.45\r\n");
            client.send("GET /v1.45/_ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\nOK")).contains("Content-Length: 2\r\n");
            assertThat(engine.connections()).isEqualTo(1);
            assertThat(engine.openConnections()).isEqualTo(1);
            client.hangUp();
            engine.awaitOpenConnections(0, SOON);
        }
    }

    @Test
    void recordsRequestsWithTheirBodies() throws Exception {
        try (FakeEngine engine = engine("tcp");
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("POST", "/containers/*/rename", exchange -> exchange.answer(204, ""));
            client.send("POST /v1.51/containers/a%2Fb/rename?name=x%20y&name=z HTTP/1.1\r\nX-A: 1\r\n"
                    + "Content-Length: 3\r\n\r\nabc");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 204").doesNotContain("Content-Length");
            client.send("POST /other HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n");
            assertThat(client.readUntil("not found\"}")).startsWith("HTTP/1.1 404");

            Request rename = engine.requests("POST", "/containers/*/rename").get(0);
            assertThat(rename.path()).isEqualTo("/containers/a%2Fb/rename");
            assertThat(rename.apiVersion()).contains("1.51");
            assertThat(rename.query()).containsEntry("name", List.of("x y", "z"));
            assertThat(rename.header("x-a")).contains("1");
            assertThat(rename.bodyText()).isEqualTo("abc");
            assertThat(engine.requests()).hasSize(2);
            assertThat(engine.requests().get(1).bodyText()).isEqualTo("abcde");
        }
    }

    @Test
    void writesChunksOneByOne() throws Exception {
        Gate seen = new Gate();
        try (FakeEngine engine = engine("unix");
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("GET", "/events", exchange -> {
                ChunkedAnswer answer = exchange.startChunked(200, Map.of());
                answer.write("one");
                seen.await();
                answer.write("two").end();
            });
            client.send("GET /events HTTP/1.1\r\n\r\n");
            client.readUntil("3\r\none\r\n");
            seen.open();
            client.readUntil("3\r\ntwo\r\n0\r\n\r\n");
            client.send("GET /_ping HTTP/1.1\r\n\r\n").readUntil("\r\n\r\nOK");
        }
    }

    @Test
    void cutsAndTalksGarbage() throws Exception {
        try (FakeEngine engine = engine("unix")) {
            engine.on("GET", "/half", exchange -> exchange.raw("HTTP/1.1 200 O"));
            engine.on("GET", "/cut", exchange -> {
                exchange.startChunked(200, Map.of()).write("one");
                exchange.close();
            });
            try (RawClient client = RawClient.connect(engine.host())) {
                assertThat(client.send("GET /half HTTP/1.1\r\n\r\n").readToEnd())
                        .isEqualTo("HTTP/1.1 200 O");
            }
            try (RawClient client = RawClient.connect(engine.host())) {
                assertThat(client.send("GET /cut HTTP/1.1\r\n\r\n").readToEnd()).endsWith("one\r\n");
            }
        }
    }

    @Test
    void resetsOnTcp() throws Exception {
        try (FakeEngine engine = engine("tcp");
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("GET", "/reset", Exchange::reset);
            client.send("GET /reset HTTP/1.1\r\n\r\n");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(client::readToEnd)
                    .withMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void hijacksWithHalfCloses(String kind) throws Exception {
        LinkedBlockingQueue<String> input = new LinkedBlockingQueue<>();
        try (FakeEngine engine = engine(kind);
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("POST", "/exec/*/start", exchange -> {
                Hijacked session = exchange.hijack("application/vnd.docker.raw-stream", "first".getBytes(UTF_8));
                input.add(new String(session.readToEnd(), UTF_8));
                session.write("last").endOutput();
                exchange.awaitPeerGone(SOON);
            });
            client.send("POST /exec/1/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}typed");
            assertThat(client.readUntil("first")).startsWith("HTTP/1.1 101 UPGRADED\r\n");
            client.endInput();
            assertThat(client.readToEnd()).isEqualTo("last");
            assertThat(input.poll(5, TimeUnit.SECONDS)).isEqualTo("typed");
            client.hangUp();
            engine.awaitOpenConnections(0, SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void countsWhatTheSocketTakes(String kind) throws Exception {
        Flood flood = new Flood(new byte[1000]);
        try (FakeEngine engine = engine(kind);
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("GET", "/logs", exchange -> exchange.startChunked(200, Map.of())
                    .flood(flood));
            client.send("GET /logs HTTP/1.1\r\n\r\n").readUntil("\r\n\r\n");
            long unread = flood.awaitBlocked();
            assertThat(unread).isPositive();
            client.skip(unread);
            assertThat(flood.awaitBlocked()).isGreaterThan(unread);
            client.hangUp();
            flood.awaitEnd(SOON);
            engine.awaitOpenConnections(0, SOON);
        }
    }

    @Test
    void keepsWholeWhatItWroteUntilBlocked() throws Exception {
        LinkedBlockingQueue<Long> taken = new LinkedBlockingQueue<>();
        Gate blocked = new Gate();
        try (FakeEngine engine = engine("unix");
                RawClient client = RawClient.connect(engine.host())) {
            engine.on("GET", "/logs", exchange -> {
                ChunkedAnswer answer = exchange.startChunked(200, Map.of());
                taken.add(answer.writeUntilBlocked(new byte[999]));
                blocked.open();
                answer.write("last").end();
            });
            client.send("GET /logs HTTP/1.1\r\n\r\n").readUntil("\r\n\r\n");
            blocked.await();
            String all = client.readUntil("\r\n0\r\n\r\n");
            String chunk = "3e7\r\n" + "\0".repeat(999) + "\r\n";
            assertThat(all.replace(chunk, "")).isEqualTo("4\r\nlast\r\n0\r\n\r\n");
            assertThat(taken.poll(5, TimeUnit.SECONDS)).isPositive().isLessThanOrEqualTo((long) all.length());
        }
    }

    @Test
    void seesTheClientLeaveWhileItStalls() throws Exception {
        try (FakeEngine engine = engine("unix");
                RawClient client = RawClient.connect(engine.host())) {
            Gate never = new Gate();
            engine.on("GET", "/slow", exchange -> exchange.stall(never));
            client.send("GET /slow HTTP/1.1\r\n\r\n");
            engine.awaitRequests(1, SOON);
            client.hangUp();
            engine.awaitOpenConnections(0, SOON);
        }
    }

    @Test
    void leavesTheBodyToAHandlerOfTheHead() throws Exception {
        try (FakeEngine engine = engine("unix");
                RawClient client = RawClient.connect(engine.host())) {
            engine.onHead("POST", "/build", exchange -> {
                exchange.answer(500, "{\"message\":\"no\"}");
                exchange.readBody();
            });
            client.send("POST /build HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
            client.readUntil("\"no\"}");
            assertThat(engine.requests().get(0).bodyText().length()).isLessThan(10);
            client.send("67890").send("GET /_ping HTTP/1.1\r\n\r\n").readUntil("\r\n\r\nOK");
            assertThat(engine.requests().get(0).bodyText()).isEqualTo("1234567890");
        }
    }

    @Test
    void failsTheTestWhenAHandlerFails() throws Exception {
        FakeEngine engine = engine("unix");
        engine.on("GET", "/x", exchange -> {
            throw new AssertionError("wrong header");
        });
        try (RawClient client = RawClient.connect(engine.host())) {
            client.send("GET /x HTTP/1.1\r\n\r\n").readToEnd();
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(engine::close)
                .withMessageContaining("wrong header");
    }

    @Test
    void failsInsteadOfWaitingForEver() throws Exception {
        try (FakeEngine engine = engine("unix")) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> engine.awaitOpenConnections(1, Duration.ofMillis(20)))
                    .withMessageContaining("0 open connections instead of 1");
        }
    }

    @Test
    void startsAgainOnTheSameAddress() throws Exception {
        engine("unix").close();
        try (FakeEngine engine = engine("unix");
                RawClient client = RawClient.connect(engine.host())) {
            client.send("GET /_ping HTTP/1.1\r\n\r\n").readUntil("\r\n\r\nOK");
        }
    }
}
