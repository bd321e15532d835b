package dev.fairlead.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 3,000 inputs a decoder, and 10 million over all of them with {@code -Dfairlead.long=true}. */
class DecoderFuzzTest {

    static Stream<DecoderFuzz.Subject> subjects() {
        return DecoderFuzz.SUBJECTS.stream();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Timeout(1200)
    void givesTheSameHoweverItIsCutAndFailsByItsOwnErrorsOnly(DecoderFuzz.Subject subject) {
        long inputs = Boolean.getBoolean("fairlead.long") ? 10_000_000 / DecoderFuzz.SUBJECTS.size() : 3_000;
        DecoderFuzz.Counts counts = DecoderFuzz.run(subject, inputs, 1);

        // Neither of them may be what all inputs come to.
        assertThat(counts.whole).isGreaterThan(inputs / 100);
        assertThat(counts.refused).isGreaterThan(subject.name().equals("console") ? -1 : inputs / 100);
    }

    /** Gives what each read holds as a value: that depends on the cuts. */
    @Test
    void findsADecoderThatTheCutsShowIn() {
        DecoderFuzz.Subject subject = new DecoderFuzz.Subject(
                "by reads",
                () -> new Decoder<Integer>() {
                    @Override
                    public @Nullable Integer next(ByteBuffer input) {
                        int length = input.remaining();
                        input.position(input.limit());
                        return length == 0 ? null : length;
                    }

                    @Override
                    public @Nullable Integer end() {
                        return null;
                    }
                },
                (to, random) -> to.writeBytes(new byte[100]),
                List::toString);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> DecoderFuzz.run(subject, 10, 1))
                .withMessageContaining("seed");
    }
}
