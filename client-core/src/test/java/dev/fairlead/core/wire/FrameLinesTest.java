package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FrameLinesTest {

    private static List<OutputLine> lines(FrameLines lines, List<OutputFrame> frames) {
        List<OutputLine> seen = new ArrayList<>();
        for (OutputFrame frame : frames) {
            lines.accept(frame);
            for (OutputLine line = lines.next(); line != null; line = lines.next()) {
                seen.add(line);
            }
        }
        for (OutputLine line = lines.end(false); line != null; line = lines.end(false)) {
            seen.add(line);
        }
        return seen;
    }

    @Property(tries = 300)
    void sourcesThatInterleaveAnywhereKeepTheirLines(
            @ForAll @AlphaChars @Chars({'\n', '\r', 'ä', '€'}) @StringLength(max = 200) String out,
            @ForAll @AlphaChars @Chars({'\n', '\r', 'ä', '€'}) @StringLength(max = 200) String err,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int longest) {
        List<OutputFrame> outFrames = frames(out, seed, longest, OutputFrame::stdout);
        List<OutputFrame> errFrames = frames(err, seed + 1, longest, OutputFrame::stderr);
        List<OutputFrame> both = new ArrayList<>();
        Random random = new Random(seed);
        int outAt = 0;
        int errAt = 0;
        while (outAt < outFrames.size() || errAt < errFrames.size()) {
            boolean takeOut = errAt == errFrames.size() || (outAt < outFrames.size() && random.nextBoolean());
            both.add(takeOut ? outFrames.get(outAt++) : errFrames.get(errAt++));
        }

        List<OutputLine> seen = lines(new FrameLines(16, false), both);

        assertThat(of(seen, OutputSource.STDOUT)).isEqualTo(lines(new FrameLines(16, false), outFrames));
        assertThat(of(seen, OutputSource.STDERR)).isEqualTo(lines(new FrameLines(16, false), errFrames));
        assertThat(of(
                        lines(new FrameLines(16, false), List.of(OutputFrame.stdout(out.getBytes(UTF_8)))),
                        OutputSource.STDOUT))
                .isEqualTo(of(seen, OutputSource.STDOUT));
    }

    private static List<OutputLine> of(List<OutputLine> lines, OutputSource source) {
        return lines.stream().filter(line -> line.source() == source).toList();
    }

    private static List<OutputFrame> frames(String text, long seed, int longest, Function<byte[], OutputFrame> kind) {
        List<OutputFrame> frames = new ArrayList<>();
        Feed.cut(text.getBytes(UTF_8), seed, longest).forEach(read -> {
            byte[] bytes = new byte[read.remaining()];
            read.get(bytes);
            frames.add(kind.apply(bytes));
        });
        return frames;
    }

    @Test
    void timesAreTakenOff() {
        List<OutputLine> seen = lines(
                new FrameLines(100, true),
                List.of(
                        OutputFrame.stdout("2026-11-24T10:40:39.658271330Z out\n".getBytes(UTF_8)),
                        OutputFrame.stderr("2026-11-24T10:40:39.1Z err\r\n".getBytes(UTF_8)),
                        OutputFrame.stdout("2026-11-24T11:40:40+01:00 no end".getBytes(UTF_8))));
        assertThat(seen)
                .extracting(OutputLine::time)
                .containsExactly(
                        Instant.parse("2026-11-24T10:40:39.658271330Z"),
                        Instant.parse("2026-11-24T10:40:39.1Z"),
                        Instant.parse("2026-11-24T10:40:40Z"));
        assertThat(seen).extracting(OutputLine::text).containsExactly("out", "err", "no end");
    }

    @Test
    void aTerminalsTimesAreTakenOffWhereverItIsCut() {
        String log =
                "2026-11-24T10:40:39.658271330Z one\r\n2026-11-24T10:40:39.658271331Z two\r\n2026-11-24T10:40:39.658271332Z three";
        for (int cut = 0; cut < log.length(); cut++) {
            List<OutputLine> seen = lines(
                    new FrameLines(100, true),
                    List.of(
                            OutputFrame.console(log.substring(0, cut).getBytes(UTF_8)),
                            OutputFrame.console(log.substring(cut).getBytes(UTF_8))));
            assertThat(seen).extracting(OutputLine::text).containsExactly("one", "two", "three");
            assertThat(seen.get(2).time()).isEqualTo(Instant.parse("2026-11-24T10:40:39.658271332Z"));
        }
    }

    @Test
    void aMissingTimeIsAnError() {
        FrameLines lines = new FrameLines(100, true);
        assertThatThrownBy(() -> lines.accept(OutputFrame.stdout("hello world\n".getBytes(UTF_8))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("hello world")
                .hasMessageContaining("timestamps");
    }
}
