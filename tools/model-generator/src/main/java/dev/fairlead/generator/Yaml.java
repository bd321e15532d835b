package dev.fairlead.generator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A place in a YAML file: its value, and where it is. Mistakes are collected, so that one run tells them all. */
final class Yaml {
    private final String file;
    private final int line;
    private final @Nullable Node node;
    private final List<String> errors;

    private Yaml(String file, int line, @Nullable Node node, List<String> errors) {
        this.file = file;
        this.line = line;
        this.node = node;
        this.errors = errors;
    }

    static Yaml parse(String file, String text, List<String> errors) {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).build();
            return new Yaml(file, 1, new Compose(settings).composeString(text).orElse(null), errors);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            errors.add(file + ":" + line + ": " + e.getProblem());
            return new Yaml(file, line, null, errors);
        }
    }

    String where() {
        return file + ":" + line;
    }

    void fail(String mistake) {
        errors.add(where() + ": " + mistake);
    }

    /** The entries of a mapping, in order; those not allowed (where {@code allowed} says) and those told twice fail. */
    Map<String, Yaml> entries(@Nullable Set<String> allowed, String what) {
        if (node != null && !(node instanceof MappingNode)) {
            fail(what + " is no mapping");
        }
        return entries(allowed, what, true);
    }

    /** The entries, of a place that has been checked before. */
    Map<String, Yaml> quietEntries() {
        return entries(null, "", false);
    }

    private Map<String, Yaml> entries(@Nullable Set<String> allowed, String what, boolean telling) {
        Map<String, Yaml> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            int at = keyNode.getStartMark().map(mark -> mark.getLine() + 1).orElse(line);
            Yaml value = new Yaml(file, at, tuple.getValueNode(), errors);
            String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : keyNode.toString();
            if (telling && allowed != null && !allowed.contains(key)) {
                value.fail("unknown key '" + key + "' in " + what);
            } else if (entries.putIfAbsent(key, value) != null && telling) {
                value.fail("duplicate '" + key + "' in " + what);
            }
        }
        return entries;
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    String text() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        fail("a text is expected here");
        return "";
    }

    /** The texts of a list; one text is a list of one. */
    List<String> items() {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(item -> new Yaml(file, line, item, errors).text())
                    .toList();
        }
        return List.of(text());
    }

    /** The text of an entry that has to be there. */
    String required(Map<String, Yaml> entries, String key, String what) {
        Yaml value = entries.get(key);
        if (value == null) {
            fail("missing " + key + " in " + what);
            return "";
        }
        String text = value.text();
        if (text.isBlank()) {
            value.fail("missing " + key + " in " + what);
        }
        return text;
    }
}
