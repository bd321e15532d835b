package dev.fairlead.core.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class IgnoreRulesTest {

    static List<IgnoreTable.Case> table() throws IOException {
        return IgnoreTable.read();
    }

    @ParameterizedTest
    @MethodSource("table")
    void leavesOutWhatDockerDoes(IgnoreTable.Case rules) {
        IgnoreRules read = IgnoreRules.parse(rules.rules());

        rules.excluded()
                .forEach((path, excluded) ->
                        assertThat(read.excludes(path)).as("%s", path).isEqualTo(excluded));
    }

    @Test
    void tableIsLarge() throws IOException {
        assertThat(table().stream().mapToInt(rules -> rules.excluded().size()).sum())
                .isGreaterThan(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "[a closed",
                "[ closed",
                "[] letter",
                "[]a] letter",
                "[-a] letter",
                "[a-] letter",
                "[^] letter",
                "[a-\\ closed",
                "a\\ backslash",
                "! exclamation",
                "!/ exclamation",
                "[b-a] backwards",
                "[[:what:]] [:what:]",
                "\\q 'q'",
                "\\1 '1'",
                "\\8 '8'",
                "\\é 'é'",
                "\\xg1 hexadecimal",
                "\\x4 hexadecimal",
                "\\pX category",
                "[a-?]* backwards",
                "a{1001}* repetitions",
                "a{2,1}* repetitions",
                "*{2} repeated",
                "a/**/{2}x repeated",
                "a|{2}* nothing",
                "[\\q] 'q'"
            })
    void aBadPatternIsNamedWithItsLine(String pattern, String reason) {
        assertThatExceptionOfType(BadIgnorePattern.class)
                .isThrownBy(
                        () -> IgnoreRules.parse("# a comment\n\ngood\n  " + pattern + "  \ngood", "web.dockerignore"))
                .withMessageStartingWith("web.dockerignore, line 4: " + pattern + ": ")
                .withMessageContaining(reason)
                .satisfies(bad -> {
                    assertThat(bad.line()).isEqualTo(4);
                    assertThat(bad.pattern()).isEqualTo(pattern);
                });
    }

    @Test
    void aLineMayHave64Kilobytes() {
        String longest = "a".repeat(64 * 1024 - 1);
        assertThat(IgnoreRules.parse(longest).excludes(longest)).isTrue();

        assertThatThrownBy(() -> IgnoreRules.parse("b\n" + longest + "a"))
                .isInstanceOf(BadIgnorePattern.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("65535");
    }

    @Test
    void onWindowsABackslashSeparates() {
        IgnoreRules rules = IgnoreRules.parse("a\\b\n**\\*.log\n!c\\x.log", ".dockerignore", true);

        assertThat(rules.excludes("a/b")).isTrue();
        assertThat(rules.excludes("d/x.log")).isTrue();
        assertThat(rules.excludes("c/x.log")).isFalse();
    }

    /** With a matcher that goes back, each of these would take longer than anybody waits. */
    @Test
    void hostilePatternsTakeNoLonger() {
        String path = "a".repeat(2_000) + "/" + "a".repeat(2_000);
        List<String> hostile = List.of(
                "a*".repeat(100) + "b",
                "**/" + "*a".repeat(100) + "b",
                "**/a".repeat(100) + "/b",
                "a{0,1000}".repeat(3) + "[b]",
                "[a-z]*".repeat(100) + "!");

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (String pattern : hostile) {
                assertThat(IgnoreRules.parse(pattern).excludes(path))
                        .as(pattern)
                        .isFalse();
            }
        });
        assertThatThrownBy(() -> IgnoreRules.parse("a{1000}".repeat(2_000) + "*"))
                .isInstanceOf(BadIgnorePattern.class)
                .hasMessageContaining("too large");
    }

    @Test
    void aDirectoryIsSkippedUnlessAnExceptionLeadsIntoIt() {
        IgnoreRules.Place plain = IgnoreRules.parse("a").top().child("a");
        IgnoreRules.Place path = IgnoreRules.parse("*\n!a/b/c").top();
        IgnoreRules.Place pattern = IgnoreRules.parse("a\n!**/x").top().child("a");

        assertThat(plain.isExcluded()).isTrue();
        assertThat(plain.isSkippable()).isTrue();
        assertThat(path.child("a").isSkippable()).isFalse();
        assertThat(path.child("a").child("b").isSkippable()).isFalse();
        assertThat(path.child("ab").isSkippable()).isTrue();
        assertThat(pattern.isSkippable()).isFalse();
        assertThat(pattern.child("y").child("x").isExcluded()).isFalse();
        assertThat(pattern.child("y").child("x").path()).isEqualTo("a/y/x");
    }

    @Test
    void nothingIsExcludedByNoRules() {
        assertThat(IgnoreRules.none().excludes("a/b")).isFalse();
        assertThat(IgnoreRules.parse("").excludes("a")).isFalse();
    }
}
