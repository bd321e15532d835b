package dev.fairlead.generator;

import dev.fairlead.generator.Schema.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What all generated files have in common: the head with its imports, and Javadoc. */
final class Source {
    static final String PACKAGE = "dev.fairlead.model";
    private static final Pattern CODE = Pattern.compile("`([^`]*)`|\\{@code ([^}]*)}");
    private static final int WIDTH = 110;
    private static final Map<String, String> IMPORTS = new TreeMap<>();

    static {
        for (String name : List.of(
                "com.fasterxml.jackson.annotation.JsonAnyGetter",
                "com.fasterxml.jackson.annotation.JsonAnySetter",
                "com.fasterxml.jackson.annotation.JsonCreator",
                "com.fasterxml.jackson.annotation.JsonProperty",
                "com.fasterxml.jackson.annotation.JsonSetter",
                "com.fasterxml.jackson.annotation.JsonValue",
                "com.fasterxml.jackson.annotation.Nulls",
                "java.math.BigInteger",
                "java.time.Duration",
                "java.time.Instant",
                "java.util.ArrayList",
                "java.util.Arrays",
                "java.util.Collections",
                "java.util.LinkedHashMap",
                "java.util.List",
                "java.util.Map",
                "java.util.Objects",
                "java.util.Set",
                "java.util.function.Consumer",
                "org.jspecify.annotations.Nullable")) {
            IMPORTS.put(name, name.substring(name.lastIndexOf('.') + 1));
        }
    }

    private Source() {}

    /** A whole file around a class. */
    static String file(String body) {
        StringBuilder file = new StringBuilder("package " + PACKAGE + ";\n\n");
        IMPORTS.forEach((name, simple) -> {
            if (Pattern.compile("\\b" + simple + "\\b").matcher(body).find()) {
                file.append("import ").append(name).append(";\n");
            }
        });
        return file.append('\n').append(body.replaceAll("(?m)[ \t]+$", "")).toString();
    }

    /** A Javadoc comment: a sentence, notes that are paragraphs or tags of their own. */
    static String javadoc(String sentence, List<String> notes, Life life) {
        List<String> lines = new ArrayList<>(wrapped(html(sentence)));
        String versions = versions(life);
        if (versions != null) {
            lines.add("");
            lines.add("<p>" + versions);
        }
        String before = "";
        for (String note : notes) {
            if (!(note.startsWith("@") && before.startsWith("@"))) {
                lines.add("");
            }
            lines.addAll(wrapped(note));
            before = note;
        }
        if (life.deprecated() != null) {
            lines.addAll(wrapped("@deprecated " + html(life.deprecated())));
        }
        StringBuilder comment = new StringBuilder("/**\n");
        lines.forEach(
                line -> comment.append(line.isEmpty() ? " *" : " * " + line).append('\n'));
        return comment.append(" */\n")
                .append(life.deprecated() == null ? "" : "@Deprecated\n")
                .toString();
    }

    static String javadoc(String sentence, String... notes) {
        return javadoc(sentence, List.of(notes), new Life(null, null, null));
    }

    /** A sentence of the schema as Javadoc: backticks mark code, and nothing else is markup. */
    static String html(String sentence) {
        StringBuilder html = new StringBuilder();
        Matcher code = CODE.matcher(sentence);
        int from = 0;
        while (code.find()) {
            html.append(escaped(sentence.substring(from, code.start())));
            String text = code.group(1) == null ? code.group(2) : code.group(1);
            html.append(
                    text.matches(".*[{}@].*|.*\\*/.*") ? "<code>" + escaped(text) + "</code>" : "{@code " + text + "}");
            from = code.end();
        }
        return html.append(escaped(sentence.substring(from))).toString();
    }

    /** A text as the inside of a Java string. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** {@code name} or, for a version, the Java expression that makes it. */
    static String version(@Nullable String version) {
        return version == null ? "null" : "ApiVersion.of(1, " + Schema.Life.minor(version) + ")";
    }

    private static @Nullable String versions(Life life) {
        if (life.since() == null) {
            return life.until() == null ? null : "API up to " + life.until() + ".";
        }
        return life.until() == null
                ? "API " + life.since() + " and later."
                : "API " + life.since() + " to " + life.until() + ".";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("{", "&#123;")
                .replace("*/", "*&#47;")
                .replace("\\", "&#92;");
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
