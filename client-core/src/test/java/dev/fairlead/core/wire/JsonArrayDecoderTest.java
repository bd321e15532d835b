package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.CreateImageInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonArrayDecoderTest {
    private static final String OPERATION = "GET /containers/json";
    private static final String SAMPLE =
            "[ {\"a\":[1,{}]},\"]\\\",\" ,-1.5e3,true\t,[[],[\"é\"]]\r\n, {\"b\":\"}\"} ]\n";
    private static final List<Object> VALUES = List.of(
            Map.of("a", List.of(1, Map.of())),
            "]\",",
            -1500.0,
            true,
            List.of(List.of(), List.of("é")),
            Map.of("b", "}"));

    private static final String ENGINES =
            "[{\"status\":\"a\",\"id\":\"}]\\\",{\"},{\"progressDetail\":{\"current\":7,\"total\":12}},{},{\"id\":\"é\",\"new\":[{},[{}]]}]\n";

    private static JsonArrayDecoder<CreateImageInfo> engines() {
        return new JsonArrayDecoder<>(OPERATION, Json.readerFor(CreateImageInfo.class), 1000);
    }

    private static JsonArrayDecoder<Object> decoder() {
        return new JsonArrayDecoder<>(OPERATION, Json.readerFor(Object.class), 1000);
    }

    private static List<Object> decode(String text) {
        return Feed.decodeToEnd(decoder(), Feed.whole(text.getBytes(UTF_8)));
    }

    @Test
    void everyCutGivesTheSameElements() {
        byte[] bytes = SAMPLE.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Feed.decodeToEnd(decoder(), Feed.cutAt(bytes, cut)))
                    .as("cut at %d", cut)
                    .isEqualTo(VALUES);
        }
        assertThat(Feed.decodeToEnd(decoder(), Feed.byteByByte(bytes))).isEqualTo(VALUES);
    }

    /** As Engines write them: those are read where they lie, with no look for their ends. */
    @Test
    void everyCutOfAnEnginesListGivesTheSameElements() {
        byte[] bytes = ENGINES.getBytes(UTF_8);
        List<CreateImageInfo> expected = Json.readList(OPERATION, bytes, CreateImageInfo.class);
        assertThat(expected).hasSize(4);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Feed.decodeToEnd(engines(), Feed.cutAt(bytes, cut)))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
        assertThat(Feed.decodeToEnd(engines(), Feed.byteByByte(bytes))).isEqualTo(expected);
    }

    @Test
    void agreesWithDatabindOnEnginesListsThatAreChangedAtRandom() {
        Random random = new Random(12);
        String pieces = "{}[]\",:1 x\n-";
        int good = 0;
        for (int run = 0; run < 20_000; run++) {
            StringBuilder changed = new StringBuilder(ENGINES);
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = random.nextInt(changed.length());
                changed.replace(
                        at,
                        Math.min(changed.length(), at + random.nextInt(3)),
                        String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            byte[] text = changed.toString().getBytes(UTF_8);
            Object expected = outcome(() -> List.copyOf(Json.readList(OPERATION, text, CreateImageInfo.class)));
            int cut = random.nextInt(text.length + 1);
            Object found = outcome(() -> List.copyOf(Feed.decodeToEnd(engines(), Feed.cutAt(text, cut))));
            if (!found.equals(expected)) {
                assertThat(found).as("%s, cut at %d", changed, cut).isEqualTo(expected);
            }
            good += found instanceof List ? 1 : 0;
        }
        assertThat(good).isPositive();
    }

    @Test
    void anElementOfAnEnginesListMayHaveTheMaximumAndNoMore() {
        String element = "{\"status\":\"" + "x".repeat(987) + "\"}";
        String list = "[" + element + "," + element + "]";
        assertThat(element).hasSize(1000);
        assertThat(Feed.decodeToEnd(engines(), Feed.whole(list.getBytes(UTF_8))))
                .hasSize(2);
        String longer = list.replace("x\"}]", "xx\"}]");
        assertThatExceptionOfType(ProtocolFailure.class)
                .isThrownBy(() -> Feed.decodeToEnd(engines(), Feed.whole(longer.getBytes(UTF_8))))
                .withMessageContaining("longer than the 1000 bytes");
    }

    @Test
    void anElementIsThereBeforeTheNextHasCome() {
        JsonArrayDecoder<Object> decoder = decoder();
        ByteBuffer beginning = ByteBuffer.wrap("[1,[2],".getBytes(UTF_8));
        assertThat(decoder.next(beginning)).isEqualTo(1);
        assertThat(decoder.next(beginning)).isEqualTo(List.of(2));
        assertThat(decoder.next(beginning)).isNull();
        assertThat(beginning.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [ ] ", "[\n]\r\n"})
    void anEmptyArrayHasNoElements(String text) {
        assertThat(decode(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{}",
                "1",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,]",
                "[,1]",
                "[1 2]",
                "[1][2]",
                "[1],",
                "[1]x",
                "[{]}",
                "[}",
                "[\"a]",
                "[1,,2]",
                "[{}{}]",
                "[\u001e1]",
                "[x]",
                "[1:2]",
                "<html>",
                "]",
                "[null]",
                "[1]]",
                "[\u00ff]"
            })
    void anythingElseIsRefused(String text) {
        assertThatExceptionOfType(ProtocolFailure.class)
                .isThrownBy(() -> decode(text))
                .withMessageStartingWith(OPERATION + ": ");
        // Whatever the cuts.
        assertThatExceptionOfType(ProtocolFailure.class)
                .isThrownBy(() -> Feed.decodeToEnd(decoder(), Feed.byteByByte(text.getBytes(UTF_8))));
    }

    /** It takes what databind takes for an array, and to the same values. */
    @Test
    void agreesWithDatabindOnTextsThatAreChangedAtRandom() {
        Random random = new Random(11);
        String pieces = "{}[]\",:1 x\n-";
        int good = 0;
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder(SAMPLE);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(text.length());
                text.replace(
                        at,
                        Math.min(text.length(), at + random.nextInt(3)),
                        String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            Object expected =
                    outcome(() -> Json.readList(OPERATION, text.toString().getBytes(UTF_8), Object.class));
            Object found = outcome(() -> decode(text.toString()));
            if (!found.equals(expected)) {
                assertThat(found).as(text.toString()).isEqualTo(expected);
            }
            good += found instanceof List ? 1 : 0;
        }
        assertThat(good).isPositive();
    }

    private static <T> Object outcome(java.util.function.Supplier<List<T>> reading) {
        try {
            return new ArrayList<>(reading.get());
        } catch (ProtocolFailure refused) {
            return "refused";
        }
    }

    @Test
    void anElementOverTheMaximumIsRefused() {
        assertThat(decode("[\"" + "x".repeat(998) + "\"]")).hasSize(1);
        assertThatExceptionOfType(ProtocolFailure.class)
                .isThrownBy(() -> decode("[\"" + "x".repeat(999) + "\"]"))
                .withMessageContaining("longer than the 1000 bytes");
    }

    @Test
    void aSecretIsNotShown() {
        assertThatExceptionOfType(ProtocolFailure.class)
                .isThrownBy(() -> decode("[1 {\"Data\":\"c2VjcmV0\"}]"))
                .withMessageContaining("may hold a secret")
                .withMessageNotContaining("c2VjcmV0");
    }
}
