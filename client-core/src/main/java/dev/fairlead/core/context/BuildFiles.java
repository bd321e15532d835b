package dev.fairlead.core.context;

import dev.fairlead.core.ignore.BadIgnorePattern;
import dev.fairlead.core.ignore.IgnoreRules;
import dev.fairlead.core.tar.FileTree;
import dev.fairlead.core.tar.TarAttributes;
import dev.fairlead.core.tar.TarSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a build from a folder sends: what is left of the folder by its ignore file, and the Dockerfile in any case.
 *
 * <p>The classic builder gets the {@code .dockerignore} too, and takes the Dockerfile and the {@code .dockerignore} away again once it
 * has read them, if that says so. Where other rules are in force than those of the folder's {@code .dockerignore}, it is sent one that
 * says of these two what the rules do. BuildKit, given a tar, reads no {@code .dockerignore} and takes nothing away.
 *
 * @param dockerfile the Dockerfile's name in the tar
 * @param sources what the tar is made of
 */
public record BuildFiles(String dockerfile, List<TarSource> sources) {

    private static final String DOCKERFILE = "Dockerfile";
    private static final String IGNORE_FILE = ".dockerignore";

    /** A context without any file but a Dockerfile. */
    public static BuildFiles ofDockerfile(String text) {
        return new BuildFiles(DOCKERFILE, List.of(file(DOCKERFILE, text)));
    }

    /**
     * Looks at a folder. Reads its ignore file, and the Dockerfile if that is elsewhere, so it blocks.
     *
     * @param folder the context
     * @param dockerfile where the Dockerfile is, relative to the folder or absolute; empty for the usual
     * @param text the Dockerfile itself in place of a file, or null
     * @param classic whether it is for the classic builder
     * @throws FileSystemException if the folder or the Dockerfile is not there; it names which
     * @throws BadIgnorePattern if the ignore file can't be understood
     */
    public static BuildFiles of(Path folder, String dockerfile, @Nullable String text, boolean classic)
            throws IOException {
        Path root = folder.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (text != null) {
            return new Folder(root, rules(root.resolve(IGNORE_FILE)), true, classic).withDockerfile(text);
        }
        Path named = dockerfile(root, dockerfile);
        Path real = real(named);
        Path itsOwn = named.resolveSibling(named.getFileName() + IGNORE_FILE);
        boolean hasItsOwn = Files.exists(itsOwn);
        IgnoreRules rules = rules(hasItsOwn ? itsOwn : root.resolve(IGNORE_FILE));
        Folder files = new Folder(root, rules, !hasItsOwn, classic);
        return real.startsWith(root)
                ? files.withDockerfileAt(slashed(root.relativize(real)))
                : files.withDockerfile(Files.readString(real));
    }

    private static Path dockerfile(Path root, String dockerfile) {
        if (!dockerfile.isEmpty()) {
            return root.resolve(dockerfile).normalize();
        }
        Path usual = root.resolve(DOCKERFILE);
        Path lower = root.resolve("dockerfile");
        return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
    }

    private static Path real(Path dockerfile) throws IOException {
        Path real;
        try {
            real = dockerfile.toRealPath();
        } catch (NoSuchFileException missing) {
            throw new NoSuchFileException(dockerfile.toString(), null, "there is no such Dockerfile");
        }
        if (Files.isDirectory(real)) {
            throw new FileSystemException(dockerfile.toString(), null, "the Dockerfile is a directory");
        }
        return real;
    }

    private static IgnoreRules rules(Path file) throws IOException {
        return Files.exists(file) ? IgnoreRules.parse(text(file), file.toString()) : IgnoreRules.none();
    }

    /** As UTF-8, whatever it is: a name in another encoding is a pattern that matches nothing. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String slashed(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    private static TarSource file(String name, String text) {
        return TarSource.file(
                name, text.getBytes(StandardCharsets.UTF_8), () -> new TarAttributes(0644, 0, 0, Instant.now()));
    }

    /**
     * A folder and what is left out of it.
     *
     * @param byIgnoreFile whether the rules are those of the folder's ignore file, or there is none
     */
    private record Folder(Path root, IgnoreRules rules, boolean byIgnoreFile, boolean classic) {

        BuildFiles withDockerfileAt(String path) throws IOException {
            if (!classic) {
                return new BuildFiles(path, List.of(tree(Set.of(path), Set.of())));
            }
            if (byIgnoreFile) {
                return new BuildFiles(path, List.of(tree(Set.of(path, IGNORE_FILE), Set.of())));
            }
            boolean excluded = rules.excludes(path);
            String said = stays() ? text(root.resolve(IGNORE_FILE)) : "";
            return excludes(said, path) == excluded && !excludes(said, IGNORE_FILE)
                    ? new BuildFiles(path, List.of(tree(Set.of(path), Set.of())))
                    : hiding(path, (excluded ? "" : "!") + IgnorePath.escape(path), List.of(), Set.of(path));
        }

        /** Whether the ignore file is a file like any other, and not left out. */
        private boolean stays() {
            return Files.exists(root.resolve(IGNORE_FILE)) && !rules.excludes(IGNORE_FILE);
        }

        /** What the Engine makes of an ignore file that is not in force; one that it can't read says nothing. */
        private static boolean excludes(String ignoreFile, String path) {
            try {
                return IgnoreRules.parse(ignoreFile).excludes(path);
            } catch (BadIgnorePattern unread) {
                return false;
            }
        }

        /** The Dockerfile goes by a name of its text, so that the same build is the same to a cache. */
        BuildFiles withDockerfile(String text) throws IOException {
            String name = ".dockerfile." + digest(text).substring(0, 20);
            TarSource file = file(name, text);
            return classic
                    ? hiding(name, name, List.of(file), Set.of())
                    : new BuildFiles(name, List.of(file, tree(Set.of(), Set.of())));
        }

        /** With an ignore file that has the Engine take away what is not to stay. */
        private BuildFiles hiding(String dockerfile, String pattern, List<TarSource> more, Set<String> kept)
                throws IOException {
            StringBuilder lines = new StringBuilder();
            if (byIgnoreFile && Files.exists(root.resolve(IGNORE_FILE))) {
                lines.append(text(root.resolve(IGNORE_FILE)));
            } else if (!byIgnoreFile && stays()) {
                lines.append(text(root.resolve(IGNORE_FILE))).append("\n!" + IGNORE_FILE);
            } else {
                lines.append(IGNORE_FILE);
            }
            lines.append('\n').append(pattern).append('\n');
            List<TarSource> sources = new ArrayList<>(more);
            sources.add(file(IGNORE_FILE, lines.toString()));
            sources.add(tree(kept, Set.of(IGNORE_FILE)));
            return new BuildFiles(dockerfile, List.copyOf(sources));
        }

        private TarSource tree(Set<String> kept, Set<String> replaced) {
            return FileTree.contentsOf(root)
                    .without(rules, kept, replaced)
                    .changed(attributes -> attributes.ownedBy(0, 0));
        }

        private static String digest(String text) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has SHA-256", impossible);
            }
        }
    }
}
