package dev.fairlead.samples.orchestrator;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What is to run, and where.
 *
 * @param project names the whole: containers begin with it, and what bears it as a label is this declaration's
 * @param engines the Engines' addresses by names that the file gives them; an empty address is that of the environment
 */
record Declaration(String project, Map<String, String> engines, List<ContainerSpec> containers) {

    /** The label that holds the project. */
    static final String PROJECT = "fairlead.project";

    /** The label that holds the {@linkplain ContainerSpec#fingerprint() fingerprint}. */
    static final String FINGERPRINT = "fairlead.fingerprint";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            // A word that is misspelt must not be a setting that is missing.
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Declaration {
        if (!project.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
            throw new IllegalArgumentException("project: not a word that names may begin with: " + project);
        }
        Set<String> names = new HashSet<>();
        for (ContainerSpec spec : containers) {
            if (!names.add(spec.name())) {
                throw new IllegalArgumentException("containers: two are named " + spec.name());
            }
            for (String engine : spec.engines()) {
                if (!engines.containsKey(engine)) {
                    throw new IllegalArgumentException(spec.name() + ": engines: there is no " + engine);
                }
            }
        }
    }

    @JsonCreator
    static Declaration of(
            @Nullable String project, @Nullable Map<String, String> engines, @Nullable List<ContainerSpec> containers) {
        return new Declaration(
                Objects.requireNonNullElse(project, "fairlead"),
                engines == null || engines.isEmpty() ? Map.of("engine", "") : new LinkedHashMap<>(engines),
                Objects.requireNonNullElse(containers, List.of()));
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if there is none, or if it is wrong; it says what
     */
    static Declaration read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("can't be read: " + file, unreadable);
        }
    }

    static Declaration parse(String yaml) {
        try {
            return YAML.readValue(yaml, Declaration.class);
        } catch (JacksonException wrong) {
            Throwable reason = wrong.getCause() instanceof IllegalArgumentException own ? own : wrong;
            throw new IllegalArgumentException(reason.getMessage(), wrong);
        }
    }

    /** What one of the Engines has to run. */
    List<Replica> replicasOn(String engine) {
        List<Replica> replicas = new ArrayList<>();
        for (ContainerSpec spec : containers) {
            List<String> over = spec.engines().isEmpty() ? List.copyOf(engines.keySet()) : spec.engines();
            for (int number = 1; number <= spec.replicas(); number++) {
                if (over.get((number - 1) % over.size()).equals(engine)) {
                    replicas.add(new Replica(project + "-" + spec.name() + "-" + number, spec));
                }
            }
        }
        return replicas;
    }
}
