package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final String OPERATION = "GET /containers/{id}/logs";

    private final FrameDecoder decoder = new FrameDecoder(OPERATION);

    @Test
    void typesZeroAndOneAreStdoutAndTwoIsStderr() {
        byte[] bytes = Feed.concat(Feed.frame(0, text("in")), Feed.frame(1, text("out")), Feed.frame(2, text("err")));

        assertThat(Feed.decodeToEnd(decoder, Feed.whole(bytes)))
                .containsExactly(
                        OutputFrame.stdout(text("in")),
                        OutputFrame.stdout(text("out")),
                        OutputFrame.stderr(text("err")));
    }

    @Test
    void everyCutGivesTheSameFrames() {
        byte[] bytes = Feed.concat(
                Feed.frame(1, text("hello")),
                Feed.frame(2, text("")),
                Feed.frame(2, text("x")),
                Feed.frame(1, text("bye")));
        List<OutputFrame> expected = List.of(
                OutputFrame.stdout(text("hello")), OutputFrame.stderr(text("x")), OutputFrame.stdout(text("bye")));

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Feed.decodeToEnd(new FrameDecoder(OPERATION), Feed.cutAt(bytes, cut)))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
        assertThat(Feed.decodeToEnd(decoder, Feed.byteByByte(bytes))).isEqualTo(expected);
    }

    @Test
    void everyEndInsideAFrameIsATruncation() {
        byte[] first = Feed.frame(1, text("hello"));
        byte[] bytes = Feed.concat(first, Feed.frame(2, text("x")));

        for (int length = 0; length <= bytes.length; length++) {
            FrameDecoder cut = new FrameDecoder(OPERATION);
            List<OutputFrame> frames = Feed.decode(cut, Feed.whole(Arrays.copyOf(bytes, length)));
            if (length == 0 || length == first.length || length == bytes.length) {
                assertThat(cut.end()).isNull();
            } else {
                assertThatThrownBy(cut::end).as("%d bytes", length).isInstanceOf(Truncated.class);
            }
            assertThat(frames).hasSize(length < first.length ? 0 : length < bytes.length ? 1 : 2);
        }
    }

    @Test
    void truncationSaysWhere() {
        Feed.decode(decoder, Feed.whole(Feed.concat(Feed.header(1, 0xFFFF_FFFFL), new byte[100])));

        assertThatThrownBy(decoder::end)
                .isInstanceOf(Truncated.class)
                .hasMessage(OPERATION + ": the output ended inside a frame, 4294967195 bytes before its end");
    }

    @Test
    void truncationInAHeaderSaysSo() {
        Feed.decode(decoder, Feed.whole(new byte[] {1, 0, 0}));

        assertThatThrownBy(decoder::end).isInstanceOf(Truncated.class).hasMessageContaining("after 3 of 8 bytes");
    }

    @Test
    void framesOfUpTo64KiBComeWhole() {
        byte[] payload = new byte[64 * 1024];
        Arrays.fill(payload, (byte) 'x');

        assertThat(Feed.decodeToEnd(decoder, Feed.cut(Feed.frame(1, payload), 1, 5000)))
                .containsExactly(OutputFrame.stdout(payload));
    }

    @Test
    void longerFramesComeInSlicesOfWhatAReadHolds() {
        byte[] payload = new byte[64 * 1024 + 1];
        byte[] bytes = Feed.concat(Feed.frame(2, payload), Feed.frame(1, text("next")));

        assertThat(Feed.decodeToEnd(decoder, Feed.cutAt(bytes, 18)))
                .map(OutputFrame::size)
                .containsExactly(10, payload.length - 10, 4);
    }

    @Test
    void slicesAreAtMost64KiB() {
        byte[] bytes = Feed.frame(2, new byte[200_000]);

        assertThat(Feed.decodeToEnd(decoder, Feed.whole(bytes)))
                .allMatch(OutputFrame.Stderr.class::isInstance)
                .map(OutputFrame::size)
                .containsExactly(65536, 65536, 65536, 3392);
    }

    @ParameterizedTest
    @ValueSource(longs = {64 * 1024, 3L << 30, 0xFFFF_FFFFL})
    void noMemoryIsTakenForAnAnnouncedLength(long announced) {
        ByteBuffer header = ByteBuffer.wrap(Feed.header(1, announced));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Thread self = Thread.currentThread();
        threads.getThreadAllocatedBytes(self.getId());

        long before = threads.getThreadAllocatedBytes(self.getId());
        OutputFrame frame = decoder.next(header);
        long taken = threads.getThreadAllocatedBytes(self.getId()) - before;

        assertThat(frame).isNull();
        assertThat(taken).isLessThan(16 * 1024);
    }

    @Test
    void aLongFrameIsDecodedInMemoryThatDoesNotGrow() {
        Feed.decode(decoder, Feed.whole(Feed.header(1, 3L << 30)));
        ByteBuffer read = ByteBuffer.allocate(1024);
        long seen = 0;

        for (int i = 0; i < 10_000; i++) {
            OutputFrame frame = decoder.next(read.clear());
            seen += frame == null ? 0 : frame.size();
        }

        assertThat(seen).isEqualTo(10_000 * 1024);
        assertThatThrownBy(decoder::end).hasMessageContaining(((3L << 30) - seen) + " bytes before its end");
    }

    @Test
    void theOrderOfTheBufferDoesNotMatter() {
        ByteBuffer read = ByteBuffer.wrap(Feed.frame(1, text("hello"))).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(decoder.next(read)).isEqualTo(OutputFrame.stdout(text("hello")));
    }

    @Test
    void aSystemErrorEndsTheStreamWithTheEnginesText() {
        byte[] bytes = Feed.concat(
                Feed.frame(1, text("line\n")),
                Feed.frame(3, text("Error grabbing logs: unexpected EOF\n")),
                text("rest"));

        for (int cut = 13; cut <= bytes.length; cut++) {
            List<ByteBuffer> reads = Feed.cutAt(bytes, cut);
            FrameDecoder fresh = new FrameDecoder(OPERATION);
            StreamFailed failure = catchThrowableOfType(StreamFailed.class, () -> Feed.decodeToEnd(fresh, reads));
            assertThat(failure.engineMessage()).isEqualTo("Error grabbing logs: unexpected EOF");
            assertThat(failure).hasMessage(OPERATION + ": Error grabbing logs: unexpected EOF");
        }
    }

    @Test
    void aSystemErrorCutShortIsStillTheEnginesError() {
        Feed.decode(decoder, Feed.whole(Feed.concat(Feed.header(3, 100), text("disk is fu"))));

        assertThatThrownBy(decoder::end).isInstanceOf(StreamFailed.class).hasMessage(OPERATION + ": disk is fu");
    }

    @Test
    void ofALongSystemErrorThereAre8KiB() {
        byte[] bytes = Feed.concat(Feed.header(3, 0xFFFF_FFFFL), filled(20_000));

        StreamFailed failure =
                catchThrowableOfType(StreamFailed.class, () -> Feed.decode(decoder, Feed.cut(bytes, 7, 1000)));

        assertThat(failure.engineMessage()).isEqualTo("e".repeat(8 * 1024));
    }

    @Test
    void anEmptySystemErrorIsAnErrorToo() {
        assertThatThrownBy(() -> Feed.decode(decoder, Feed.whole(Feed.header(3, 0))))
                .isInstanceOf(StreamFailed.class)
                .hasMessageContaining("no reason");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0x1B, 0x7F, 0x80, 0xFF})
    void anUnknownTypeIsNamedWithItsBytes(int type) {
        assertThatThrownBy(() -> Feed.decode(decoder, Feed.whole(Feed.frame(type, text("x")))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("got type " + type + " in the bytes " + String.format("%02x 00 00 00", type));
    }

    @Test
    void paddingThatIsNotZeroIsNoFrame() {
        assertThatThrownBy(() -> Feed.decode(decoder, Feed.whole(new byte[] {1, 0, 1, 0, 0, 0, 0, 1, 'x'})))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("01 00 01 00");
    }

    @Test
    void textInPlaceOfAFrameIsShown() {
        String answer =
                "HTTP/1.1 409 Conflict\r\nContent-Type: text/plain\r\n\r\nContainer x is paused" + "!".repeat(200);

        assertThatThrownBy(() -> Feed.decode(decoder, Feed.whole(text(answer))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("\"HTTP/1.1 409 Conflict..Content-Type: text/plain....Container x is paused!")
                .hasMessageNotContaining("!".repeat(50));
    }

    private static byte[] filled(int length) {
        return text("e".repeat(length));
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
