package dev.fairlead.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputFrameTest {
    static List<Function<byte[], OutputFrame>> kinds() {
        return List.of(OutputFrame::stdout, OutputFrame::stderr, OutputFrame::console);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void textIsUtf8AndMalformedBytesAreReplaced(Function<byte[], OutputFrame> kind) {
        assertThat(kind.apply("grüße".getBytes(UTF_8)).text()).isEqualTo("grüße");
        assertThat(kind.apply(new byte[] {'a', (byte) 0xC3}).text()).isEqualTo("a\uFFFD");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesIsANewReadOnlyViewAtEachCall(Function<byte[], OutputFrame> kind) {
        OutputFrame frame = kind.apply(new byte[] {1, 2, 3});

        ByteBuffer first = frame.bytes();
        first.get();

        assertThat(frame.bytes().position()).isZero();
        assertThat(frame.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(frame.size()).isEqualTo(3);
        assertThatThrownBy(() -> frame.bytes().put((byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(first.hasArray()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theArrayIsTakenOverWithoutACopy(Function<byte[], OutputFrame> kind) {
        byte[] bytes = {'a'};
        OutputFrame frame = kind.apply(bytes);

        bytes[0] = 'b';

        assertThat(frame.text()).isEqualTo("b");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void framesAreEqualWhenKindAndBytesAre(Function<byte[], OutputFrame> kind) {
        OutputFrame frame = kind.apply(new byte[] {1, 2});

        assertThat(frame).isEqualTo(kind.apply(new byte[] {1, 2})).hasSameHashCodeAs(kind.apply(new byte[] {1, 2}));
        assertThat(frame).isNotEqualTo(kind.apply(new byte[] {1, 3}));
        assertThat(kinds().stream().map(other -> other.apply(new byte[] {1, 2})).filter(frame::equals))
                .hasSize(1);
    }

    @Test
    void toStringHasTheSizeAndNotTheContent() {
        assertThat(OutputFrame.stdout("secret".getBytes(UTF_8))).hasToString("Stdout[6 bytes]");
        assertThat(OutputFrame.stderr(new byte[0])).hasToString("Stderr[0 bytes]");
        assertThat(OutputFrame.console(new byte[1])).hasToString("Console[1 bytes]");
    }
}
