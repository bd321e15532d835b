package dev.fairlead.core.tar;

import dev.fairlead.core.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Packs a folder to a file, in a process of its own. */
final class PackFolder {

    private PackFolder() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        IgnoreRules rules = IgnoreRules.parse(Files.readString(Path.of(arguments[2])));
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder).without(rules)))) {
            Files.write(Path.of(arguments[1]), TarReading.rest(tar));
        }
    }
}
