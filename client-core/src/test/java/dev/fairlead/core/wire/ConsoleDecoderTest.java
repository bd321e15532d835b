package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.OutputFrame;
import org.junit.jupiter.api.Test;

class ConsoleDecoderTest {
    private final ConsoleDecoder decoder = new ConsoleDecoder();

    @Test
    void whatAReadHoldsComesAsOnePiece() {
        byte[] bytes = "\1\0\0\0\0\0\0\2hi".getBytes(UTF_8);

        assertThat(Feed.decodeToEnd(decoder, Feed.cutAt(bytes, 4)))
                .containsExactly(
                        OutputFrame.console("\1\0\0\0".getBytes(UTF_8)),
                        OutputFrame.console("\0\0\0\2hi".getBytes(UTF_8)));
    }

    @Test
    void piecesAreAtMost64KiB() {
        assertThat(Feed.decodeToEnd(decoder, Feed.whole(new byte[65_537])))
                .map(OutputFrame::size)
                .containsExactly(65_536, 1);
    }

    @Test
    void anEmptyReadGivesNothing() {
        assertThat(Feed.decodeToEnd(decoder, Feed.whole(new byte[0]))).isEmpty();
    }
}
