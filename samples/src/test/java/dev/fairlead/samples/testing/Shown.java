package dev.fairlead.samples.testing;

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

/** What a document shows of code. */
public final class Shown {

    private Shown() {}

    /** The blocks of a document in that language, in their order. */
    public static List<String> blocks(String document, String language) {
        return found(Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL), document);
    }

    /** What stands between {@code // marker} and {@code // end} in the Java files of these folders. */
    public static List<String> marked(String marker, Path... folders) throws IOException {
        Pattern sample = Pattern.compile("// " + marker + "\n(.*?)// end", Pattern.DOTALL);
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> found.addAll(found(sample, read(file))));
            }
        }
        return found;
    }

    /** That each of the blocks is made of samples, and each sample is shown once. */
    public static void requireCutFrom(List<String> samples, List<String> blocks) {
        assertThat(blocks).hasSizeGreaterThan(3);
        String rest = dense(String.join("", blocks));
        for (String sample : samples) {
            assertThat(rest).as("a sample that is not shown").contains(dense(sample));
            int at = rest.indexOf(dense(sample));
            rest = rest.substring(0, at) + rest.substring(at + dense(sample).length());
        }
        assertThat(rest).as("shown and not compiled").isEmpty();
    }

    /** How lines are broken is the formatter's affair. */
    public static String dense(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
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
