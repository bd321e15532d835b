package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.json.Json;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class JsonSequenceDecoderPropertiesTest {
    @Property(tries = 500)
    void anyValuesInAnyReadsComeBack(
            @ForAll("values") List<Object> values,
            @ForAll("separators") String separator,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 100) int longest) {
        byte[] between = separator.getBytes(UTF_8);
        byte[] bytes = Feed.concat(values.stream()
                .map(value -> Feed.concat(Json.write(value), between))
                .toArray(byte[][]::new));

        assertThat(Feed.decodeToEnd(
                        new JsonSequenceDecoder<>("test", Json.readerFor(Object.class)),
                        Feed.cut(bytes, seed, longest)))
                .isEqualTo(values);
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of("\r\n", "\n", " ", "\u001e", "\n\u001e", "\t \r\n\r\n");
    }

    @Provide
    Arbitrary<List<Object>> values() {
        Arbitrary<String> strings =
                Arbitraries.strings().withChars("{}[]\"\\,: \n\u001eaé€").ofMaxLength(12);
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                strings.map(text -> text), Arbitraries.integers().map(number -> number), Arbitraries.of(true, false));
        return Arbitraries.lazyOf(() -> leaves, () -> nested(leaves, strings))
                .list()
                .ofMaxSize(10);
    }

    private static Arbitrary<Object> nested(Arbitrary<Object> leaves, Arbitrary<String> names) {
        Arbitrary<Object> lists = leaves.list().ofMaxSize(4).map(list -> list);
        Arbitrary<Object> objects = Arbitraries.maps(names, Arbitraries.oneOf(leaves, lists))
                .ofMaxSize(4)
                .map(map -> map);
        return Arbitraries.oneOf(lists, objects);
    }
}
