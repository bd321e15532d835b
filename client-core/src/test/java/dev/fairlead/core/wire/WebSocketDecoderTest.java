package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WebSocketDecoderTest {
    private final StringBuilder told = new StringBuilder();

    private WebSocketDecoder<OutputFrame> decoder() {
        return new WebSocketDecoder<>("GET /x", new ConsoleDecoder(), new WebSocketDecoder.Control() {
            @Override
            public void ping(byte[] payload) {
                told.append("ping ").append(new String(payload, UTF_8)).append(';');
            }

            @Override
            public void close() {
                told.append("close;");
            }
        });
    }

    private String decode(byte[] stream, int cut) {
        told.setLength(0);
        WebSocketDecoder<OutputFrame> decoder = decoder();
        StringBuilder text = new StringBuilder();
        for (byte[] read : new byte[][] {Arrays.copyOf(stream, cut), Arrays.copyOfRange(stream, cut, stream.length)}) {
            ByteBuffer input = ByteBuffer.wrap(read);
            for (OutputFrame frame = decoder.next(input); frame != null; frame = decoder.next(input)) {
                text.append(frame.text());
            }
            assertThat(input.hasRemaining()).isFalse();
        }
        assertThat(decoder.end()).isNull();
        return text.toString();
    }

    private static byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {2, 2, 'a', 'b'}); // A message in two frames, with a ping between them.
        all.writeBytes(new byte[] {(byte) 0x89, 1, 'p'});
        all.writeBytes(new byte[] {(byte) 0x80, 1, 'c'});
        all.writeBytes(new byte[] {(byte) 0x82, 0});
        all.writeBytes(new byte[] {(byte) 0x89, 0});
        all.writeBytes(new byte[] {(byte) 0x82, 126, 0, (byte) 200});
        all.writeBytes("d".repeat(200).getBytes(UTF_8));
        all.writeBytes(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1, 'e'});
        all.writeBytes(new byte[] {(byte) 0x88, 2, 3, (byte) 0xE8});
        all.writeBytes("what comes after the end".getBytes(UTF_8));
        return all.toByteArray();
    }

    @Test
    void takesTheContentOutOfItsFramesWhereverTheyAreCut() {
        byte[] stream = stream();
        for (int cut = 0; cut <= stream.length; cut++) {
            assertThat(decode(stream, cut)).isEqualTo("abc" + "d".repeat(200) + "e");
            assertThat(told).hasToString("ping p;ping ;close;");
        }
    }

    @Test
    void aStreamWithoutAClosingFrameIsTruncated() {
        assertThatExceptionOfType(Truncated.class).isThrownBy(() -> decode(new byte[] {(byte) 0x82, 1, 'a'}, 0));
    }

    @Test
    void refusesWhatIsNoFrame() {
        byte[][] wrong = {
            {(byte) 0xC2, 0},
            {(byte) 0x82, (byte) 0x80},
            {(byte) 0x83, 0},
            {(byte) 0x8B, 0},
            {(byte) 0x89, 126, 0, (byte) 126}
        };
        for (byte[] header : wrong) {
            assertThatExceptionOfType(ProtocolFailure.class)
                    .isThrownBy(() -> decoder().next(ByteBuffer.wrap(header)));
        }
    }
}
