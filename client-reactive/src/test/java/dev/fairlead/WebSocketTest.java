package dev.fairlead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Hijacked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@Timeout(30)
@SuppressWarnings("NullAway.Init")
final class WebSocketTest {

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.43");
        fake.engine.on("GET", "/containers/x/json", exchange -> exchange.answer(200, "{\"Config\":{}}"));
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private Flux<String> output() {
        return fake.docker
                .containers()
                .attachWebSocket("x")
                .flatMapMany(Session::output)
                .map(OutputFrame::text);
    }

    private void script(FakeEngine.Handler handler) {
        fake.engine.on("GET", "/containers/x/attach/ws", handler);
    }

    private static Hijacked upgrade(Exchange exchange, byte[]... frames) throws Exception {
        String key =
                exchange.request().header("Sec-WebSocket-Key").orElseThrow() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        String accept = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(key.getBytes(UTF_8)));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return exchange.upgrade(Map.of("Upgrade", "websocket", "Sec-WebSocket-Accept", accept), all.toByteArray());
    }

    private static byte[] frame(int opcode, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        frame.write(payload.length);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private static byte[] close(int code, String reason) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(reason.getBytes(UTF_8));
        return frame(8, payload.toByteArray());
    }

    @Test
    void framesThatComeWithTheHandshakeAreKept() {
        script(exchange ->
                upgrade(exchange, frame(2, "one".getBytes(UTF_8)), frame(2, "two".getBytes(UTF_8)), close(1000, "")));

        assertThat(String.join("", OnFakeEngine.get(output().collectList()))).isEqualTo("onetwo");
        assertThat(fake.engine.requests("GET", "/containers/x/attach/ws").get(0).query())
                .containsKeys("stream", "stdout", "stderr");
    }

    @Test
    void answersPingsAndTheClosingFrame() {
        script(exchange -> {
            Hijacked socket = upgrade(exchange, frame(9, "you?".getBytes(UTF_8)));
            assertThat(unmask(socket, 10)).isEqualTo("you?");
            socket.write(close(1000, ""));
            byte[] last = socket.readToEnd();
            assertThat(last[0] & 0xFF).isEqualTo(0x88);
            assertThat(last).hasSize(2 + 4 + 2);
        });

        StepVerifier.create(output()).expectComplete().verify(OnFakeEngine.LIMIT);
    }

    private static String unmask(Hijacked socket, int opcode) throws IOException {
        byte[] head = socket.read(2);
        assertThat(head[0] & 0xFF).isEqualTo(0x80 | opcode);
        assertThat(head[1] & 0x80).isEqualTo(0x80);
        byte[] mask = socket.read(4);
        byte[] payload = socket.read(head[1] & 0x7F);
        for (int at = 0; at < payload.length; at++) {
            payload[at] ^= mask[at % 4];
        }
        return new String(payload, UTF_8);
    }

    @Test
    void endWithoutAClosingFrameIsTruncation() {
        script(exchange -> upgrade(exchange, frame(2, "one".getBytes(UTF_8))).close());

        StepVerifier.create(output())
                .expectNext("one")
                .expectError(Truncated.class)
                .verify(OnFakeEngine.LIMIT);
    }

    @Test
    void closingFrameWithAnErrorFails() {
        script(exchange -> upgrade(exchange, close(1011, "broken")));

        StreamFailed failure = OnFakeEngine.failure(StreamFailed.class, output());
        assertThat(failure.code()).isEqualTo(1011);
        assertThat(failure).hasMessageContaining("broken");
    }

    @Test
    void handshakeWithoutTheRightAnswerFails() {
        script(exchange -> exchange.upgrade(
                        Map.of("Upgrade", "websocket", "Sec-WebSocket-Accept", "wrong"), new byte[0])
                .awaitEndOfInput(OnFakeEngine.LIMIT));

        OnFakeEngine.failure(ProtocolFailure.class, output());
    }
}
