package dev.fairlead.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what the compiler saw. */
class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAMPLE = Pattern.compile("// README\n(.*?)// end", Pattern.DOTALL);

    @Test
    void everyBlockOfJavaIsCutFromTheSamples() throws IOException {
        List<String> shown = found(BLOCK, Files.readString(Path.of("..", "README.md")));
        List<String> compiled = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> compiled.addAll(found(SAMPLE, read(file))));
        }
        assertThat(shown).hasSizeGreaterThan(3);
        String rest = String.join("", shown);
        for (String sample : compiled) {
            assertThat(rest).as("a sample that the README does not show").contains(sample);
            rest = rest.replace(sample, "");
        }
        assertThat(rest).as("shown and not compiled").isEmpty();
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            // How lines are broken is the formatter's affair.
            found.add(matcher.group(1).replaceAll("\\s+", ""));
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
