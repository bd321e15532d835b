package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.json.Json;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSequenceDecoderTest {
    private static final String OPERATION = "POST /images/create";
    private static final String SAMPLE = "{\"a\":{\"b\":[1,{}]}}\r\n{\"s\":\"}{][\\\"\\\\\"}{\"é\":\"\\u007d😀\"}\n"
            + "\u001e[1,[2],\"]\"] \"top \\\" }\"12\t-1.5e+3\"x\"true{}\u001efalse";
    private static final List<Object> VALUES = List.of(
            Map.of("a", Map.of("b", List.of(1, Map.of()))),
            Map.of("s", "}{][\"\\"),
            Map.of("é", "}😀"),
            List.of(1, List.of(2), "]"),
            "top \" }",
            12,
            -1500.0,
            "x",
            true,
            Map.of(),
            false);

    private final JsonSequenceDecoder<Object> decoder = decoder();

    @Test
    void valuesComeHoweverTheyAreSeparated() {
        assertThat(Feed.decodeToEnd(decoder, Feed.whole(SAMPLE.getBytes(UTF_8))))
                .isEqualTo(VALUES);
    }

    @Test
    void everyCutGivesTheSameValues() {
        byte[] bytes = SAMPLE.getBytes(UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Feed.decodeToEnd(decoder(), Feed.cutAt(bytes, cut)))
                    .as("cut at %d", cut)
                    .isEqualTo(VALUES);
        }
        assertThat(Feed.decodeToEnd(decoder, Feed.byteByByte(bytes))).isEqualTo(VALUES);
    }

    /** Strings are looked through eight bytes at a time: an end or an escape at each of their places, and a cut at each. */
    @Test
    void stringsEndWhereTheirQuoteIs() {
        for (int length = 0; length < 20; length++) {
            for (String mark : List.of("", "\\\"", "\\\\", "\\u0022", "}", "é")) {
                for (int place = 0; place <= length; place++) {
                    String text = "a".repeat(place) + mark + "a".repeat(length - place);
                    byte[] bytes = ("{\"" + text + "\":\"" + text + "\"}\n\"" + text + "\"[]").getBytes(UTF_8);
                    String string = (String) Json.read(OPERATION, ("\"" + text + "\"").getBytes(UTF_8), Object.class);
                    List<Object> values = List.of(Map.of(string, string), string, List.of());
                    for (int cut = 0; cut <= bytes.length; cut++) {
                        assertThat(Feed.decodeToEnd(decoder(), Feed.cutAt(bytes, cut)))
                                .isEqualTo(values);
                    }
                }
            }
        }
    }

    /** Were it looked through anew with each value, this would take minutes. */
    @Test
    @Timeout(30)
    void manyValuesWithoutAnEndOfLineAreLookedThroughOnce() {
        byte[] bytes = "{}".repeat(1_000_000).getBytes(UTF_8);
        assertThat(Feed.decodeToEnd(decoder, Feed.whole(bytes))).hasSize(1_000_000);
    }

    /** What is read of an input is copied once: that nobody's is taken for another's. */
    @Test
    void anInputThatIsLeftHalfReadIsTakenUpAgain() {
        ByteBuffer first = ByteBuffer.wrap("1 2 3 [4".getBytes(UTF_8));
        assertThat(decoder.next(first)).isEqualTo(1);
        assertThat(first.position()).isEqualTo(1);
        ByteBuffer again = first.duplicate();
        assertThat(decoder.next(again)).isEqualTo(2);
        assertThat(decoder.next(again)).isEqualTo(3);
        assertThat(again.position()).isEqualTo(5);
        assertThat(decoder.next(again)).isNull();
        assertThat(again.hasRemaining()).isFalse();
        assertThat(decoder.next(ByteBuffer.allocate(0))).isNull();
        assertThat(decoder.next(
                        ByteBuffer.allocateDirect(4).put("2] 5".getBytes(UTF_8)).flip()))
                .isEqualTo(List.of(42));
    }

    @Test
    void everyEndInsideAValueIsATruncation() {
        byte[] bytes = "{\"a\":[\"\\\"}\"]}".getBytes(UTF_8);

        for (int length = 1; length < bytes.length; length++) {
            JsonSequenceDecoder<Object> cut = decoder();
            assertThat(Feed.decode(cut, Feed.whole(Arrays.copyOf(bytes, length))))
                    .isEmpty();
            assertThatThrownBy(cut::end)
                    .isInstanceOf(Truncated.class)
                    .hasMessage(
                            OPERATION + ": the answer ended inside a JSON value, " + length + " bytes after its start");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", " \t\n\u001e", "{}\r\n"})
    void anEndBetweenValuesIsAnEnd(String text) {
        Feed.decode(decoder, Feed.whole(text.getBytes(UTF_8)));

        assertThat(decoder.end()).isNull();
    }

    @Test
    void aScalarAtTheEndIsComplete() {
        assertThat(Feed.decode(decoder, Feed.whole("42".getBytes(UTF_8)))).isEmpty();

        assertThat(decoder.end()).isEqualTo(42);
        assertThat(decoder.end()).isNull();
    }

    @Test
    void aScalarCutShortIsNoJson() {
        Feed.decode(decoder, Feed.whole("tru".getBytes(UTF_8)));

        assertThatThrownBy(decoder::end).isInstanceOf(ProtocolFailure.class).hasMessageContaining("tru");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>502 Bad Gateway</html>", "}", ",{}", "{\"a\" 1}", "[}", "nothing", "null", "{\"a\":01}"})
    void whatIsNotJsonIsShown(String text) {
        assertThatThrownBy(() -> Feed.decodeToEnd(decoder, Feed.whole(text.getBytes(UTF_8))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageStartingWith(OPERATION + ": ")
                .hasMessageContaining(text);
    }

    @Test
    void noMoreThan2KiBAreShown() {
        String text = "<" + "x".repeat(10_000);

        assertThatThrownBy(() -> Feed.decode(decoder, Feed.whole(text.getBytes(UTF_8))))
                .hasMessageContaining("x".repeat(2047))
                .hasMessageNotContaining("x".repeat(2048));
    }

    @Test
    void aValueOfExactlyTheMaximumIsAccepted() {
        byte[] bytes = ("\"" + "x".repeat(98) + "\"").getBytes(UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Feed.decodeToEnd(bounded(100), Feed.cutAt(bytes, cut))).containsExactly("x".repeat(98));
        }
    }

    @Test
    void aValueOverTheMaximumIsRefusedHoweverItComes() {
        byte[] bytes = ("\"" + "x".repeat(99) + "\"").getBytes(UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            List<ByteBuffer> reads = Feed.cutAt(bytes, cut);
            JsonSequenceDecoder<Object> bounded = bounded(100);
            assertThatThrownBy(() -> Feed.decode(bounded, reads))
                    .isInstanceOf(ProtocolFailure.class)
                    .hasMessageContaining("longer than the 100 bytes");
        }
    }

    @Test
    void aValueWithoutEndIsRefusedWhenItReachesTheMaximum() {
        JsonSequenceDecoder<Object> bounded = bounded(1000);
        ByteBuffer opening = ByteBuffer.wrap("[\"".getBytes(UTF_8));
        assertThat(bounded.next(opening)).isNull();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        assertThat(bounded.next(ByteBuffer.wrap("xx".getBytes(UTF_8))))
                                .isNull();
                    }
                })
                .isInstanceOf(ProtocolFailure.class);
    }

    @Test
    void valuesAfterALargeOneAreDecodedToo() {
        byte[] bytes = ("[\"" + "x".repeat(200_000) + "\"]{}{}").getBytes(UTF_8);

        assertThat(Feed.decodeToEnd(decoder, Feed.cut(bytes, 3, 10_000)))
                .hasSize(3)
                .endsWith(Map.of(), Map.of());
    }

    private static JsonSequenceDecoder<Object> decoder() {
        return new JsonSequenceDecoder<>(OPERATION, Json.readerFor(Object.class));
    }

    private static JsonSequenceDecoder<Object> bounded(int largest) {
        return new JsonSequenceDecoder<>(OPERATION, Json.readerFor(Object.class), largest);
    }
}
