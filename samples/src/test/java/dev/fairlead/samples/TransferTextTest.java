package dev.fairlead.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.LayerProgress;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferTextTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        String text = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        bytes.reset();
        return text;
    }

    private static TransferProgress half(TransferPhase phase, String message) {
        return new TransferProgress(
                List.of(
                        new LayerProgress("aaaaaaaaaaaa", phase, "Whatever\033[2J", 1_500_000, 3_000_000),
                        new LayerProgress("bbbbbbbbbbbb", TransferPhase.EXISTS, "Already exists", 0, 0)),
                1_500_000,
                3_000_000,
                message);
    }

    @Test
    void drawsABarForEachLayerInTheSamePlace() {
        TransferText text = TransferText.bars(out, 100);

        text.show(half(TransferPhase.DOWNLOADING, "Pulling from box"));
        assertThat(printed()).isEqualTo("""
                        \033[2Kaaaaaaaaaaaa downloading [===============               ] 1.5/3.0 MB
                        \033[2Kbbbbbbbbbbbb exists     \s
                        \033[2K             in all      [===============               ] 1.5/3.0 MB
                        \033[2KPulling from box
                        """);
        text.show(half(TransferPhase.DONE, "Pulling from box"));
        assertThat(printed()).startsWith("\033[4A\033[2Kaaaaaaaaaaaa done");
    }

    @Test
    void neverWrapsALine() {
        TransferText.bars(out, 20).show(half(TransferPhase.DOWNLOADING, "x".repeat(200)));

        assertThat(printed().lines())
                .allSatisfy(line -> assertThat(line.replace("\033[2K", "")).hasSizeLessThan(20));
    }

    @Test
    void tellsWhatIsNewWithoutATerminal() {
        TransferText text = TransferText.lines(out);

        text.show(half(TransferPhase.DOWNLOADING, "Pulling from box"));
        assertThat(printed()).isEqualTo("aaaaaaaaaaaa downloading 3.0 MB\nbbbbbbbbbbbb exists\nPulling from box\n");
        text.show(half(TransferPhase.DOWNLOADING, "Pulling from box"));
        assertThat(printed()).isEmpty();
        text.show(half(TransferPhase.DONE, "Digest"));
        assertThat(printed()).isEqualTo("aaaaaaaaaaaa done 3.0 MB\nDigest\n");
    }

    @Test
    void whatTheEngineSaysCannotMoveTheCursor() {
        TransferText text = TransferText.lines(out);

        text.show(half(TransferPhase.OTHER, "a\033[2Jb"));

        assertThat(printed()).doesNotContain("\033").contains("Whatever [2J").contains("a [2Jb");
    }
}
