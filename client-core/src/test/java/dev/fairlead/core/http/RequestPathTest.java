package dev.fairlead.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ApiVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
    private static final String SEGMENT = "/containers/{id}/start";
    private static final String NAME = "/images/{+name}/json";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "abc, abc",
                "A-z_0.9~, A-z_0.9~",
                "a b, a%20b",
                "a/b, a%2Fb",
                "/a, %2Fa",
                "a?b=c#d, a%3Fb%3Dc%23d",
                "a%2e%2e, a%252e%252e",
                "grüße, gr%C3%BC%C3%9Fe",
                "😀, %F0%9F%98%80",
                "a+b&c;d:e@f, a%2Bb%26c%3Bd%3Ae%40f",
                "..., ...",
                "a..b, a..b",
                "\\..\\, %5C..%5C"
            })
    void aSegmentIsEncodedAsAWhole(String argument, String encoded) {
        assertThat(RequestPath.of(SEGMENT, argument)).hasToString("/containers/" + encoded + "/start");
    }

    @ParameterizedTest
    @CsvSource({
        "alpine, alpine",
        "library/alpine:3, library/alpine%3A3",
        "host:5000/a/b@sha256:0, host%3A5000/a/b%40sha256%3A0",
        "a b/c?d, a%20b/c%3Fd"
    })
    void aNameKeepsItsSlashes(String argument, String encoded) {
        assertThat(RequestPath.of(NAME, argument)).hasToString("/images/" + encoded + "/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    void aBlankArgumentIsNamed(String argument) {
        assertThatThrownBy(() -> RequestPath.of(SEGMENT, argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id is blank");
        assertThatThrownBy(() -> RequestPath.of(NAME, argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name is blank");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "../x",
                "x/..",
                "a/../b",
                "a/./b",
                "/..",
                "a\u0000",
                "a\r\nX-Evil: 1",
                "\n",
                "a\u007fb",
                "a\u0085"
            })
    void anArgumentThatLeadsElsewhereIsRefused(String argument) {
        for (String template : List.of(SEGMENT, NAME)) {
            assertThatThrownBy(() -> RequestPath.of(template, argument)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", "/"})
    void aNameWithAnEmptySegmentIsRefused(String argument) {
        assertThatThrownBy(() -> RequestPath.of(NAME, argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name has an empty segment");
    }

    @Test
    void argumentsFillTheBracesInOrder() {
        assertThat(RequestPath.of("/containers/{id}/checkpoints/{checkpoint}", "{checkpoint}", "b"))
                .hasToString("/containers/%7Bcheckpoint%7D/checkpoints/b");
    }

    @Test
    void theNumberOfArgumentsHasToBeThatOfTheBraces() {
        assertThatThrownBy(() -> RequestPath.of(SEGMENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{id}");
        assertThatThrownBy(() -> RequestPath.of("/info", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which takes 0");
    }

    @Test
    void parametersAreEncodedAndKeepTheirOrder() {
        RequestPath path = RequestPath.of("/x")
                .query("b", "a b&c=d+é\r\n/")
                .query("a", "")
                .query("left", (String) null)
                .query("n", -7)
                .query("yes", true)
                .query("no", false)
                .queryEach("t", List.of("1", "2"))
                .query("odd name", "v");

        assertThat(path)
                .hasToString("/x?b=a%20b%26c%3Dd%2B%C3%A9%0D%0A%2F&a=&n=-7&yes=true&no=false&t=1&t=2&odd%20name=v");
    }

    @Test
    void aPathIsNotChangedByWhatIsMadeOfIt() {
        RequestPath path = RequestPath.of("/x").query("a", 1);

        assertThat(path.query("b", 2)).hasToString("/x?a=1&b=2");
        assertThat(path).hasToString("/x?a=1");
    }

    @Test
    void filtersAreSortedAndInTheCanonicalForm() {
        Map<String, Set<String>> filters =
                Map.of("status", Set.of("exited"), "label", Set.of("b", "a=\"1\""), "name", Set.of());

        assertThat(RequestPath.of("/x").filters(filters))
                .hasToString("/x?filters="
                        + PathTemplate.encode(
                                "{\"label\":{\"a=\\\"1\\\"\":true,\"b\":true},\"status\":{\"exited\":true}}"));
    }

    @Test
    void withoutFiltersThereIsNoParameter() {
        assertThat(RequestPath.of("/x").filters(Map.of())).hasToString("/x");
        assertThat(RequestPath.of("/x").filters(Map.of("label", List.<String>of())))
                .hasToString("/x");
    }

    @Test
    void theTargetHasBaseAndVersionInFront() {
        RequestPath path = RequestPath.of(SEGMENT, "x").query("t", 5);

        assertThat(path.target("", ApiVersion.of(1, 43))).isEqualTo("/v1.43/containers/x/start?t=5");
        assertThat(path.target("/base", ApiVersion.of(1, 43))).isEqualTo("/base/v1.43/containers/x/start?t=5");
        assertThat(RequestPath.of("/_ping").unversionedTarget("/base")).isEqualTo("/base/_ping");
    }
}
