package dev.fairlead.samples;

import dev.fairlead.samples.testing.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what the compiler saw. */
class ReadmeTest {

    @Test
    void everyBlockOfJavaIsCutFromTheSamples() throws IOException {
        Shown.requireCutFrom(
                Shown.marked("README", Path.of("src", "main", "java")),
                Shown.blocks(Files.readString(Path.of("..", "README.md")), "java"));
    }
}
