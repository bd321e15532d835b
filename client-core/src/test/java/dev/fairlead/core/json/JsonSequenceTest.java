package dev.fairlead.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.wire.JsonSequenceDecoder;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.TokenReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Values that are read line after line by one parser are those that are read one by one by databind, errors included. */
class JsonSequenceTest {
    private static final String OPERATION = "GET /events";
    private static final String EVENT =
            "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"a\\\"\\\\é\",\"Attributes\":{\"image\":\"x\"}},\"timeNano\":1}";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static JsonReader<EventMessage> reader(boolean byTokens) {
        return new JsonReader<>(
                byTokens ? TokenReader.of(EventMessage.class) : null,
                MemberOrder.of(EventMessage.class),
                () -> MAPPER.readerFor(EventMessage.class),
                null);
    }

    /** All values, and how it ended. */
    private static List<Object> decode(boolean byTokens, byte[] bytes, int... cuts) {
        JsonSequenceDecoder<EventMessage> decoder = new JsonSequenceDecoder<>(OPERATION, reader(byTokens), 4096);
        List<Object> seen = new ArrayList<>();
        try {
            int from = 0;
            for (int index = 0; index <= cuts.length; index++) {
                int to = index < cuts.length ? cuts[index] : bytes.length;
                ByteBuffer input = ByteBuffer.wrap(bytes, from, to - from).slice();
                int before = -1;
                while (input.hasRemaining()) {
                    EventMessage value = decoder.next(input);
                    if (value == null) {
                        assertThat(input.hasRemaining()).isFalse();
                    } else {
                        seen.add(value);
                        assertThat(input.position()).isGreaterThanOrEqualTo(before);
                    }
                    before = input.position();
                }
                from = to;
            }
            seen.add(String.valueOf(decoder.end()));
        } catch (DockerException failure) {
            seen.add(String.valueOf(failure.getMessage()));
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EVENT + "\n" + EVENT + "\r\n" + EVENT + "\n",
                EVENT + EVENT + "\n" + EVENT,
                "{\n\"id\":\n\"a\"}\n" + EVENT + "\n{\"id\":\"b\",\n",
                "\u001e" + EVENT + "\n\u001e" + EVENT + "\n",
                EVENT + "\n{\"time\":\"7\"}\n" + EVENT + "\n",
                EVENT + "\n{\"time\":\"x\"}\n" + EVENT + "\n",
                EVENT + "\nnull\n" + EVENT + "\n",
                EVENT + "\nx\n",
                EVENT + "\n12\n" + EVENT + "\n",
                EVENT + "]\n" + EVENT + "\n",
                EVENT + ",\n" + EVENT + "\n",
                "\n\n" + EVENT + " \t\n\n",
                "",
                "\n"
            })
    void eachCutGivesWhatDatabindGives(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<Object> expected = decode(false, bytes);
        assertThat(decode(true, bytes)).isEqualTo(expected);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(decode(true, bytes, cut)).as("cut at %d", cut).isEqualTo(decode(false, bytes, cut));
            for (int second = cut; second <= bytes.length; second += 7) {
                assertThat(decode(true, bytes, cut, second)).isEqualTo(decode(false, bytes, cut, second));
            }
        }
    }

    @Test
    void textsThatAreChangedAtRandomGiveWhatDatabindGives() {
        String text = (EVENT + "\n").repeat(3);
        Random random = new Random(5);
        String pieces = "{}[]\",:0\\\n\u001e \0";
        for (int run = 0; run < 5000; run++) {
            StringBuilder changed = new StringBuilder(text);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(changed.length());
                changed.replace(
                        at,
                        Math.min(changed.length(), at + random.nextInt(3)),
                        String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            byte[] bytes = changed.toString().getBytes(UTF_8);
            int cut = random.nextInt(bytes.length + 1);
            List<Object> expected = decode(false, bytes, cut);
            List<Object> found = decode(true, bytes, cut);
            if (!found.equals(expected)) {
                assertThat(found).as(changed.toString()).isEqualTo(expected);
            }
        }
    }

    /** That it is this way that they are read. */
    @Test
    void usualLinesNeedNoDatabind() {
        JsonReader<EventMessage> reader = new JsonReader<>(
                TokenReader.of(EventMessage.class),
                MemberOrder.of(EventMessage.class),
                () -> {
                    throw new AssertionError("databind was asked");
                },
                null);
        byte[] bytes = (EVENT + "\n").repeat(3).getBytes(UTF_8);
        try (JsonSequence<EventMessage> lines = JsonSequence.values(
                java.util.Objects.requireNonNull(TokenReader.of(EventMessage.class)),
                new MemberOrder(),
                bytes,
                0,
                bytes.length)) {
            for (int line = 1; line <= 3; line++) {
                assertThat(lines.next()).isNotNull();
                assertThat(lines.end()).isEqualTo(line * (EVENT.getBytes(UTF_8).length + 1) - 1);
            }
            assertThat(lines.next()).isNull();
        }
        assertThat(reader.sequence(bytes, 0, bytes.length)).isNotNull();
        assertThat(Json.readerFor(CreateImageInfo.class).sequence(bytes, 0, 0)).isNotNull();
        assertThat(Json.readerFor(Object.class).sequence(bytes, 0, 0)).isNull();
    }

    @Test
    void elementsOfAnArrayAreReadUpToTheOneThatIsCut() {
        byte[] bytes = ("," + EVENT + "," + EVENT + "," + EVENT.substring(0, 20)).getBytes(UTF_8);
        byte[] before = bytes.clone();
        int length = EVENT.getBytes(UTF_8).length;
        try (JsonSequence<EventMessage> elements = JsonSequence.elements(
                java.util.Objects.requireNonNull(TokenReader.of(EventMessage.class)),
                new MemberOrder(),
                bytes,
                0,
                bytes.length)) {
            assertThat(elements.next()).isNotNull();
            assertThat(elements.end()).isEqualTo(1 + length);
            assertThat(elements.next()).isNotNull();
            assertThat(elements.end()).isEqualTo(2 * (1 + length));
            assertThat(elements.next()).isNull();
            assertThat(elements.end()).isEqualTo(2 * (1 + length));
        }
        assertThat(bytes).as("left as it was").isEqualTo(before);
    }

    /** A value that takes long to come is held to its limit here too. */
    @Test
    void aLineOverTheMaximumIsRefused() {
        String event = "{\"id\":\"" + "x".repeat(4096) + "\"}\n";
        assertThat(decode(true, event.getBytes(UTF_8)))
                .isEqualTo(decode(false, event.getBytes(UTF_8)))
                .singleElement()
                .asString()
                .contains("longer than the 4096 bytes");
    }
}
