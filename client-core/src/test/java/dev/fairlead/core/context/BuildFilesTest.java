package dev.fairlead.core.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.ignore.IgnoreRules;
import dev.fairlead.core.tar.TarSource;
import dev.fairlead.core.tar.TarStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildFilesTest {

    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Names and contents, in Latin-1 so that no byte is lost. */
    private static Map<String, String> sent(BuildFiles files) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarStream stream = TarSource.open(files.sources())) {
            for (ByteBuffer piece = stream.next(); piece != null; piece = stream.next()) {
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                tar.write(copy);
            }
        }
        Map<String, String> sent = new TreeMap<>();
        try (TarArchiveInputStream input =
                new TarArchiveInputStream(new ByteArrayInputStream(tar.toByteArray()), "UTF-8")) {
            for (TarArchiveEntry entry = input.getNextTarEntry(); entry != null; entry = input.getNextTarEntry()) {
                assertThat(sent.put(entry.getName(), new String(input.readAllBytes(), StandardCharsets.ISO_8859_1)))
                        .as("%s comes twice", entry.getName())
                        .isNull();
            }
        }
        return sent;
    }

    @Test
    void dockerfileAndIgnoreFileAreSentToTheClassicBuilder() throws IOException {
        file("d/Dockerfile", "FROM x");
        file("d/a", "");
        file("b", "");
        file(".dockerignore", "*");

        BuildFiles classic = BuildFiles.of(folder, "d/Dockerfile", null, true);
        BuildFiles buildKit = BuildFiles.of(folder, "d/Dockerfile", null, false);

        assertThat(classic.dockerfile()).isEqualTo("d/Dockerfile");
        assertThat(sent(classic)).containsOnlyKeys(".dockerignore", "d/", "d/Dockerfile");
        assertThat(sent(buildKit)).containsOnlyKeys("d/", "d/Dockerfile");
    }

    @Test
    void dockerfileFromElsewhereKeepsItsBytes(@TempDir Path elsewhere) throws IOException {
        byte[] latin = {'F', 'R', 'O', 'M', ' ', 'x', '#', (byte) 0xE9};
        Path dockerfile = Files.write(elsewhere.resolve("D"), latin);
        file(".dockerignore", "a");

        BuildFiles files = BuildFiles.of(folder, dockerfile.toString(), null, true);

        assertThat(files.dockerfile()).matches("\\.dockerfile\\.[0-9a-f]{20}");
        assertThat(sent(files))
                .containsEntry(files.dockerfile(), "FROM x#\u00e9")
                .containsEntry(".dockerignore", "a\n" + files.dockerfile() + "\n")
                .hasSize(2);
        assertThat(BuildFiles.of(folder, dockerfile.toString(), null, true).dockerfile())
                .as("the same build has the same name")
                .isEqualTo(files.dockerfile());
    }

    @Test
    void rulesOfTheDockerfileAreToldToTheEngine() throws IOException {
        file("web", "FROM x");
        file("web.dockerignore", "web\nweb.dockerignore\n");
        BuildFiles hidden = BuildFiles.of(folder, "web", null, true);
        assertThat(sent(hidden))
                .containsOnlyKeys(".dockerignore", "web")
                .containsEntry(".dockerignore", ".dockerignore\nweb\n");

        file(".dockerignore", "b");
        assertThat(sent(BuildFiles.of(folder, "web", null, true)))
                .containsEntry(".dockerignore", "b\n!.dockerignore\nweb\n");

        file("web.dockerignore", ".dockerignore\n");
        assertThat(sent(BuildFiles.of(folder, "web", null, true))).containsOnlyKeys("web", "web.dockerignore");

        file("web.dockerignore", "");
        file(".dockerignore", "w*\n[bad");
        assertThat(sent(BuildFiles.of(folder, "web", null, true)))
                .as("an ignore file that is not in force, and that nobody can read")
                .containsEntry(".dockerignore", "w*\n[bad");
    }

    @Test
    void aTextAloneIsTheWholeContext() throws IOException {
        BuildFiles files = BuildFiles.ofDockerfile("FROM x\n");

        assertThat(files.dockerfile()).isEqualTo("Dockerfile");
        assertThat(sent(files)).containsExactly(Map.entry("Dockerfile", "FROM x\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Dockerfile",
                "!a",
                "#a",
                "a*",
                "a?b",
                "[a]",
                "a\\b",
                "^a|b",
                "{2}",
                "a b ",
                "\u00e9/x",
                "a.b/(c)$+"
            })
    void aPathAsAPatternMatchesItself(String path) {
        IgnoreRules rules = IgnoreRules.parse(IgnorePath.escape(path));

        assertThat(rules.excludes(path)).isTrue();
        assertThat(rules.excludes("x")).isFalse();
        assertThat(rules.excludes(path.replace('a', 'z') + "z")).isFalse();
    }
}
