package dev.fairlead.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void homeIsWhereTheVariableSays() {
        assertThat(Environment.ofProcess(Map.of("HOME", "/h"), "/u", false).home())
                .isEqualTo(Path.of("/h"));
    }

    @Test
    void homeIsWhereTheJdkSaysWithoutTheVariableAndOnWindows() {
        assertThat(Environment.ofProcess(Map.of("HOME", ""), "/u", false).home())
                .isEqualTo(Path.of("/u"));
        assertThat(Environment.ofProcess(Map.of("HOME", "/h"), "/u", true).home())
                .isEqualTo(Path.of("/u"));
    }

    @Test
    void theConfigFolderIsInHomeUnlessTheVariableSaysOtherwise() {
        assertThat(Environment.ofProcess(Map.of("HOME", "/h"), "/u", false).configFolder())
                .isEqualTo(Path.of("/h/.docker"));
        assertThat(Environment.ofProcess(Map.of("HOME", "/h", "DOCKER_CONFIG", "/c"), "/u", false)
                        .configFolder())
                .isEqualTo(Path.of("/c"));
    }
}
