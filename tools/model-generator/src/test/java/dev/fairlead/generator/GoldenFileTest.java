package dev.fairlead.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is generated from golden/sample.yaml, letter by letter: a change of the output is seen in review. */
class GoldenFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"Door.java", "Key.java", "DoorState.java", "DoorOpenOptions.java", "TokenReaders.java"})
    void writesTheExpectedClass(String name) throws IOException {
        assertThat(ModelGenerator.sources(ModelGenerator.read(sample()))).containsEntry(name, resource(name + ".txt"));
    }

    @Test
    void tellsAllItKnowsInATable() throws IOException {
        assertThat(Table.write(ModelGenerator.read(sample()))).isEqualTo(resource("model.tsv"));
    }

    @Test
    void leavesUnchangedFilesAloneAndDeletesThoseOfTypesThatAreGone() throws IOException {
        Path sources = folder.resolve("sources");
        String[] arguments = {
            sample().toString(),
            sources.toString(),
            folder.resolve("resources").toString(),
            folder.resolve("model.tsv").toString()
        };
        ModelGenerator.main(arguments);
        Path door = sources.resolve("dev/fairlead/model/Door.java");
        Path gone = Files.writeString(door.resolveSibling("Gone.java"), "class Gone {}");
        Files.setLastModifiedTime(door, java.nio.file.attribute.FileTime.fromMillis(1000));

        ModelGenerator.main(arguments);

        assertThat(Files.getLastModifiedTime(door).toMillis()).isEqualTo(1000);
        assertThat(gone).doesNotExist();
        assertThat(Files.readString(folder.resolve(
                        "resources/META-INF/native-image/dev.fairlead/fairlead-client-model/reflect-config.json")))
                .contains("\"dev.fairlead.model.Door$Builder\"", "\"dev.fairlead.model.DoorState\"");
    }

    private Path sample() throws IOException {
        Path schema = Files.createDirectories(folder.resolve("schema"));
        Files.writeString(schema.resolve("sample.yaml"), resource("sample.yaml"));
        Files.writeString(schema.resolve("README.md"), "not a schema");
        return schema;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                GoldenFileTest.class.getResourceAsStream("/golden/" + name), List.of(name)::toString)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
