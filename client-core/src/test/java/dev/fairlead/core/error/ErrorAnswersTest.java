package dev.fairlead.core.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorAnswersTest {
    private static final String OPERATION = "POST /containers/{id}/start";

    private record Body(@Nullable String type, String text, String message) {}

    private static final Map<Integer, Class<? extends DockerException>> TYPES = Map.ofEntries(
            Map.entry(400, InvalidRequest.class),
            Map.entry(401, Unauthorized.class),
            Map.entry(403, Forbidden.class),
            Map.entry(404, NotFound.class),
            Map.entry(405, InvalidRequest.class),
            Map.entry(407, Unauthorized.class),
            Map.entry(408, InvalidRequest.class),
            Map.entry(409, Conflict.class),
            Map.entry(412, Conflict.class),
            Map.entry(413, InvalidRequest.class),
            Map.entry(414, InvalidRequest.class),
            Map.entry(422, InvalidRequest.class),
            Map.entry(429, Unavailable.class),
            Map.entry(431, InvalidRequest.class),
            Map.entry(499, InvalidRequest.class),
            Map.entry(500, EngineFailure.class),
            Map.entry(501, NotImplemented.class),
            Map.entry(502, EngineFailure.class),
            Map.entry(503, Unavailable.class),
            Map.entry(504, EngineFailure.class),
            Map.entry(200, ProtocolFailure.class),
            Map.entry(301, ProtocolFailure.class),
            Map.entry(101, ProtocolFailure.class),
            Map.entry(600, ProtocolFailure.class));

    private static final List<Body> BODIES = List.of(
            new Body("application/json", "{\"message\":\"No such container: x\"}\n", "No such container: x"),
            new Body("application/json; charset=utf-8", "{\"message\":\"grüße\"}", "grüße"),
            new Body(null, "{\"message\":\"no type\"}", "no type"),
            new Body("application/json", "{\"cause\":\"c\",\"message\":\"of podman\",\"response\":404}", "of podman"),
            new Body("application/json", "{\"errorDetail\":{\"message\":\"deep\"},\"error\":\"flat\"}", "deep"),
            new Body("application/json", "{\"message\":\"cut", "{\"message\":\"cut"),
            new Body("application/json", "{\"message\":7}", "{\"message\":7}"),
            new Body("application/json", "[]", "[]"),
            new Body("application/json", "null", "null"),
            new Body("application/json", "{\"message\":\"\"}", ""),
            new Body("text/plain; charset=utf-8", "plain text\n", "plain text"),
            new Body("application/vnd.docker.raw-stream", "No such container: x\r\n", "No such container: x"),
            new Body("text/plain", "two\r\nlines\u0000\u001b[31m", "two \nlines  [31m"),
            new Body(
                    "text/html",
                    "<html>\r\n<head><title>502 Bad\n Gateway</title></head><body><h1>x</h1></body></html>",
                    "502 Bad Gateway"),
            new Body(
                    null,
                    "<!DOCTYPE html><head><style>p {}</style></head><p>Sorry,\n<b>no</b></p><script>x()</script>",
                    "Sorry, no"),
            new Body("text/html", "<title></title>", ""),
            new Body("text/html", "no tag at all", "no tag at all"),
            new Body("application/json", " <html><h1>504</h1></html>", "504"),
            new Body("text/plain", "a\u202eb\u2028c\u200bd", "a b c d"),
            new Body("application/octet-stream", "\u0000\u0001\u0002x\u007f", "x"),
            new Body("application/json", "{\"message\":\"at https://me:pw@host/x\"}", "at https://***@host/x"),
            new Body(null, "", ""),
            new Body("application/json", "", ""),
            new Body("text/plain", " \r\n", ""));

    static Stream<Arguments> statusesAndBodies() {
        return TYPES.entrySet().stream()
                .flatMap(status -> BODIES.stream().map(body -> Arguments.of(status.getKey(), status.getValue(), body)));
    }

    @ParameterizedTest
    @MethodSource("statusesAndBodies")
    void statusGivesTheTypeAndBodyTheMessage(int status, Class<? extends DockerException> type, Body body) {
        DockerException exception = ErrorAnswers.toException(OPERATION, status, body.type, body.text.getBytes(UTF_8));

        assertThat(exception).isExactlyInstanceOf(type);
        assertThat(exception.operation()).isEqualTo(OPERATION);
        assertThat(exception.status()).isEqualTo(status);
        assertThat(exception.engineMessage()).isEqualTo(body.message);
        assertThat(exception)
                .hasMessageStartingWith(
                        OPERATION + ": " + status + " " + (body.message.isEmpty() ? "without a reason" : body.message));
    }

    @Test
    void theTableIsNotSmall() {
        assertThat(statusesAndBodies().count()).isGreaterThan(500);
    }

    @ParameterizedTest
    @CsvSource({
        "407, text/plain, a proxy between wants credentials",
        "413, text/html, a proxy between takes no request that large",
        "431, text/html, a proxy between takes no path or headers that long",
        "502, text/html, the Engine behind it may be down or slow",
        "503, text/html, the Engine behind it may be down or slow",
        "504, text/plain, the Engine behind it may be down or slow",
        "408, text/plain, the Engine behind it may be down or slow",
        "401, text/html, is there a proxy between?",
        "403, text/html, is there a proxy between?",
        "404, text/html, is there a proxy between?",
        "400, text/html, is there a proxy between?",
        "302, text/html, is there a proxy between"
    })
    void whatOnlyAProxySaysHasAHint(int status, String type, String hint) {
        DockerException exception = ErrorAnswers.toException(OPERATION, status, type, "x".getBytes(UTF_8));

        assertThat(exception.hint()).contains(hint);
        assertThat(exception).hasMessageContaining(hint);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "500", "502"})
    void anEnginesOwnAnswerHasNoHintOfAProxy(int status) {
        String hint = toException(status, "{\"message\":\"x\"}").hint();

        assertThat(hint == null || status == 502).isTrue();
    }

    @Test
    void theMessageIsOneSentenceWithTheHint() {
        DockerException plain = toException(404, "{\"message\":\"No such container: x\"}");
        DockerException hinted = toException(404, "{\"message\":\"page not found\"}");

        assertThat(plain).hasMessage(OPERATION + ": 404 No such container: x");
        assertThat(plain.hint()).isNull();
        assertThat(hinted)
                .hasMessage(OPERATION
                        + ": 404 page not found (the Engine may not know this operation at this API version)");
    }

    @Test
    void outsideASwarmTheHintSaysWhatIsNeeded() {
        DockerException exception = toException(
                503,
                "{\"message\":\"This node is not a swarm manager. Use \\\"docker swarm init\\\" or \\\"docker swarm"
                        + " join\\\" to connect this node to swarm and try again.\"}");

        assertThat(exception).isInstanceOf(Unavailable.class);
        assertThat(exception.hint()).contains("manager of a swarm");
    }

    @Test
    void aStaleVersionNumberIsAConflictThoughTheEngineSays500() {
        DockerException exception =
                toException(500, "{\"message\":\"rpc error: code = Unknown desc = update out of sequence\"}");

        assertThat(exception).isInstanceOf(Conflict.class);
        assertThat(exception.status()).isEqualTo(500);
    }

    @Test
    void anHttpsServerSpokenToInClearIsAFailedConnection() {
        DockerException exception = ErrorAnswers.toException(
                OPERATION, 400, null, "Client sent an HTTP request to an HTTPS server.\n".getBytes(UTF_8));

        assertThat(exception).isInstanceOf(ConnectionFailed.class).hasMessageContaining("speaks TLS");
    }

    @ParameterizedTest
    @CsvSource({"2048, 2048, false", "2049, 2048, true", "3000000, 2048, true"})
    void messagesAreCutAt2KiB(int length, int kept, boolean cut) {
        DockerException exception = ErrorAnswers.toException(
                OPERATION, 500, "text/plain", "x".repeat(length).getBytes(UTF_8));

        assertThat(exception.engineMessage()).isEqualTo("x".repeat(kept) + (cut ? "…" : ""));
    }

    @Test
    void noCharacterIsCutInHalf() {
        String message = "x".repeat(2047) + "😀😀";

        assertThat(toException(500, message).engineMessage()).isEqualTo("x".repeat(2047) + "…");
    }

    @Test
    void malformedUtf8IsReplaced() {
        DockerException exception =
                ErrorAnswers.toException(OPERATION, 500, "text/plain", new byte[] {'a', (byte) 0xFF});

        assertThat(exception.engineMessage()).isEqualTo("a\uFFFD");
    }

    @ParameterizedTest
    @CsvSource({"<script>", "<title", "<", "[", "{\"a\":"})
    void hostileBodiesTakeNoTime(String piece) {
        byte[] body = piece.repeat(ErrorAnswers.LARGEST_BODY).getBytes(UTF_8);

        DockerException exception = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> ErrorAnswers.toException(OPERATION, 502, "text/html", body));

        assertThat(exception).isInstanceOf(EngineFailure.class);
    }

    @Test
    void tlsInPlaceOfHttpIsAFailedConnection() {
        ByteBuffer alert = ByteBuffer.wrap(new byte[] {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x16});

        assertThat(ErrorAnswers.notHttp(OPERATION, "tcp://h:2376", alert))
                .isInstanceOf(ConnectionFailed.class)
                .hasMessageContaining("tcp://h:2376 speaks TLS");
        assertThat(alert.position()).isZero();
    }

    @Test
    void anythingElseInPlaceOfHttpIsShown() {
        ByteBuffer greeting = ByteBuffer.wrap(("SSH-2.0-OpenSSH_9\r\n" + "x".repeat(200)).getBytes(UTF_8));

        assertThat(ErrorAnswers.notHttp(OPERATION, "tcp://h:22", greeting))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("\"SSH-2.0-OpenSSH_9..xxx")
                .hasMessageNotContaining("x".repeat(82));
    }

    private static DockerException toException(int status, String body) {
        return ErrorAnswers.toException(OPERATION, status, "application/json", body.getBytes(UTF_8));
    }
}
