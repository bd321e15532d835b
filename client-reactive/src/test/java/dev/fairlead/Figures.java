package dev.fairlead;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** What tests measured, for people: a line each in {@code target/figures.txt}. */
final class Figures {

    private static final Path FILE = Path.of("target", "figures.txt");

    private Figures() {}

    /** Whether the tests that can take long do: {@code -Dfairlead.long=true}. */
    static boolean inFull() {
        return Boolean.getBoolean("fairlead.long");
    }

    static void add(String engine, String figure, Duration took) {
        String line = "Engine " + engine + ", " + Runtime.getRuntime().availableProcessors() + " cores: " + figure
                + " in " + took.toMillis() + " ms" + System.lineSeparator();
        try {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
