package dev.fairlead.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The repository the tests run in. */
final class Repository {

    private Repository() {}

    /** Its top folder: the nearest one upwards that has {@code tools/engine}. */
    static Path root() {
        Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("tools/engine/engine"))) {
                return folder;
            }
        }
        throw new AssertionError("no tools/engine/engine in " + start + " or a folder above it");
    }
}
