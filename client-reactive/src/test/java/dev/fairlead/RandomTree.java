package dev.fairlead;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A folder with files, and an ignore file that has to do with them; the same for the same seed. */
final class RandomTree {

    private static final List<String> NAMES =
            List.of("a", "b", "ab", "aab", "x.md", "README.md", "y.log", ".d", "日é", "a b", "a|b", "Dockerfile", "c");

    private static final List<String> PARTS = List.of(
            "a",
            "b",
            "ab",
            "*",
            "*",
            "**",
            "**",
            "a*",
            "*b",
            "?",
            "a?",
            "[ab]",
            "[^a]",
            "[a-c]*",
            "*.md",
            "x.md",
            "*.log",
            "y.log",
            ".d",
            ".*",
            "日*",
            "a b",
            "a|b",
            "a|b*",
            "a{2}b*",
            "^a*",
            "\\a",
            "a\\b*",
            "**b",
            "a**",
            "Dockerfile",
            "c",
            "*é",
            "..",
            ".",
            "[[:alpha:]]");

    private final Random random;
    private final Path root;
    private final String ignoreFile;
    private int size;

    RandomTree(long seed, Path root) throws IOException {
        this.random = new Random(seed);
        this.root = root;
        fill(root, 0);
        this.ignoreFile = rules();
        Files.writeString(root.resolve(".dockerignore"), ignoreFile);
        size++;
    }

    Path root() {
        return root;
    }

    String ignoreFile() {
        return ignoreFile;
    }

    /** How many files and directories it has. */
    int size() {
        return size;
    }

    private void fill(Path directory, int depth) throws IOException {
        for (String name : NAMES) {
            if (random.nextInt(5) < 3) {
                continue;
            }
            Path path = directory.resolve(name);
            size++;
            int kind = random.nextInt(10);
            if (kind < 5 && depth < 3) {
                Files.createDirectory(path);
                if (random.nextInt(6) > 0) {
                    fill(path, depth + 1);
                }
                Files.setAttribute(path, "unix:mode", 0700 | random.nextInt(0100));
            } else if (kind == 9) {
                Files.createSymbolicLink(path, Path.of(pick(NAMES) + "/" + pick(NAMES)));
            } else {
                Files.writeString(path, "x".repeat(random.nextInt(3000)));
                // Without setuid and setgid: the classic builder loses them when it gives the file to root.
                Files.setAttribute(path, "unix:mode", 0400 | random.nextInt(01000));
                Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(random.nextInt(1 << 30))));
            }
        }
    }

    private String rules() {
        StringBuilder text = new StringBuilder();
        int lines = 1 + random.nextInt(6);
        for (int line = 0; line < lines; line++) {
            text.append(rule()).append(random.nextInt(10) == 0 ? "\r\n" : "\n");
        }
        return text.toString();
    }

    private String rule() {
        if (random.nextInt(60) == 0) {
            return pick(List.of("[a", "a\\q", "!", "# comment", "", "*{2}"));
        }
        List<String> parts = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int part = 0; part < count; part++) {
            parts.add(pick(PARTS));
        }
        String sign = random.nextInt(3) == 0 ? pick(List.of("!", "!", "! ")) : "";
        String start = random.nextInt(6) == 0 ? pick(List.of("/", "./", " ")) : "";
        String end = random.nextInt(6) == 0 ? pick(List.of("/", "/**", "/*", " ")) : "";
        return sign + start + String.join("/", parts) + end;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
