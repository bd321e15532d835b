package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.OutputFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class FrameDecoderPropertiesTest {
    /** The payload as Latin-1, so that examples print and compare. */
    record Frame(int type, String payload) {
        byte[] bytes() {
            return payload.getBytes(ISO_8859_1);
        }
    }

    @Property(tries = 500)
    void anyFramesInAnyReadsComeBack(
            @ForAll("frames") List<Frame> frames,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int longest) {
        List<OutputFrame> expected = new ArrayList<>();
        for (Frame frame : frames) {
            if (!frame.payload.isEmpty()) {
                expected.add(frame.type == 2 ? OutputFrame.stderr(frame.bytes()) : OutputFrame.stdout(frame.bytes()));
            }
        }

        assertThat(Feed.decodeToEnd(new FrameDecoder("test"), Feed.cut(bytes(frames), seed, longest)))
                .isEqualTo(expected);
    }

    @Property(tries = 30)
    void theBytesOfLongFramesComeBackInOrder(
            @ForAll @IntRange(min = 65_000, max = 300_000) int length,
            @ForAll long seed,
            @ForAll @IntRange(min = 1000, max = 100_000) int longest) {
        byte[] payload = new byte[length];
        new Random(seed).nextBytes(payload);

        List<OutputFrame> slices =
                Feed.decodeToEnd(new FrameDecoder("test"), Feed.cut(Feed.frame(1, payload), seed, longest));

        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (OutputFrame slice : slices) {
            assertThat(slice.size()).isBetween(1, FrameDecoder.LARGEST_FRAME);
            byte[] part = new byte[slice.size()];
            slice.bytes().get(part);
            joined.writeBytes(part);
        }
        assertThat(joined.toByteArray()).isEqualTo(payload);
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<byte[]> payloads = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        return Combinators.combine(Arbitraries.integers().between(0, 2), payloads)
                .as((type, payload) -> new Frame(type, new String(payload, ISO_8859_1)))
                .list()
                .ofMaxSize(30);
    }

    private static byte[] bytes(List<Frame> frames) {
        return Feed.concat(frames.stream()
                .map(frame -> Feed.frame(frame.type, frame.bytes()))
                .toArray(byte[][]::new));
    }
}
