package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.ignore.BadIgnorePattern;
import dev.fairlead.core.ignore.IgnoreRules;
import dev.fairlead.testing.DockerCommand;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.TarListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders and ignore files made at random, built by today's {@code docker build} and by us: the same files arrive. With {@code
 * -Dfairlead.long=true} 200 of them, and each case of the table of patterns.
 */
@NewestEngine
final class DockerBuildIT extends EngineTest {

    private static final boolean LONG = Boolean.getBoolean("fairlead.long");

    private static final String MADE = "fairlead-compared";

    private static final String COPY_ALL = "FROM scratch\nCOPY . /\n";

    /** Where the layer of an image with one is in its archive. */
    private static final Pattern LAYER = Pattern.compile("\"Layers\":\\[\"([^\"]+)\"");

    private static final Path TABLE = Path.of("../client-core/src/test/resources/ignore/table.txt");

    @TempDir
    Path folder;

    DockerBuildIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeImage() {
        done(docker.images()
                .remove(MADE, how -> how.force(true))
                .onErrorComplete(dev.fairlead.core.error.NotFound.class)
                .then());
    }

    @Test
    void theSameFilesArriveAsByDockerBuild() throws IOException {
        DockerCommand command = new DockerCommand(engine, folder);
        int trees = LONG ? 200 : 8;
        int refused = 0;
        int different = 0;
        for (int seed = 1; seed <= trees; seed++) {
            RandomTree tree = new RandomTree(seed, Files.createDirectory(folder.resolve("tree" + seed)));
            byte[] theirs = command.context(tree.root());
            Map<String, String> ours;
            try {
                ours = TarListing.of(all(Tar.of(
                        tar -> tar.add(tree.root(), files -> files.ignore(IgnoreRules.parse(tree.ignoreFile()))))));
            } catch (BadIgnorePattern bad) {
                assertThat(theirs).as("seed %s: %s", seed, bad.getMessage()).isEmpty();
                refused++;
                continue;
            }
            Map<String, String> expected = TarListing.of(List.of(ByteBuffer.wrap(theirs)));
            assertThat(ours).as("seed %s:\n%s", seed, tree.ignoreFile()).isEqualTo(expected);
            // An image of nothing has no layer, and can't be saved.
            if (!expected.isEmpty()) {
                Map<String, String> arrived = arrived(tree.root());
                // The classic builder reads in it that the Dockerfile is to go: it has a line more.
                arrived.computeIfPresent(".dockerignore", (name, listed) -> expected.getOrDefault(name, listed));
                assertThat(arrived)
                        .as("seed %s, in the image:\n%s", seed, tree.ignoreFile())
                        .isEqualTo(expected);
            }
            different += expected.size() < tree.size() ? 1 : 0;
        }
        // Or it would compare nothing.
        assertThat(different).isGreaterThan(trees / 3);
        assertThat(refused).isLessThan(trees / 5);
    }

    /** What the classic builder copies of it into an image. */
    private Map<String, String> arrived(Path root) throws IOException {
        all(docker.images()
                .build(BuildContext.of(root).withDockerfile(COPY_ALL), build -> build.tags(MADE)
                        .noCache(true))
                .messages());
        Map<String, byte[]> archive = TarListing.contents(all(docker.images().save(MADE)));
        String manifest = new String(Objects.requireNonNull(archive.get("manifest.json")), StandardCharsets.UTF_8);
        Matcher layer = LAYER.matcher(manifest);
        return layer.find()
                ? TarListing.of(List.of(ByteBuffer.wrap(Objects.requireNonNull(archive.get(layer.group(1))))))
                : new LinkedHashMap<>();
    }

    /** That the table says what Docker does is shown for all of it in the long form, and for a few lines always. */
    @Test
    void theTableOfPatternsIsDockers() throws IOException {
        DockerCommand command = new DockerCommand(engine, folder);
        List<List<String>> blocks = blocks();
        int step = LONG ? 1 : 40;
        for (int index = 0; index < blocks.size(); index += step) {
            List<String> lines = blocks.get(index);
            Path root = Files.createDirectory(folder.resolve("block" + index));
            List<String> paths = lines.stream()
                    .filter(line -> !line.startsWith("="))
                    .map(line -> line.substring(2))
                    .toList();
            for (String path : paths) {
                Files.createDirectories(root.resolve(path).getParent());
                if (paths.stream().anyMatch(other -> other.startsWith(path + "/"))) {
                    Files.createDirectories(root.resolve(path));
                } else {
                    Files.writeString(root.resolve(path), "x");
                }
            }
            StringBuilder rules = new StringBuilder();
            lines.stream().filter(line -> line.startsWith("=")).forEach(line -> rules.append(line.substring(2))
                    .append('\n'));
            Files.writeString(root.resolve(".dockerignore"), rules);

            Map<String, String> arrived = TarListing.of(List.of(ByteBuffer.wrap(command.context(root))));

            for (String line : lines) {
                if (!line.startsWith("=")) {
                    String path = line.substring(2);
                    assertThat(arrived.containsKey(path) || arrived.containsKey(path + "/"))
                            .as("%s in %s", line, rules)
                            .isEqualTo(line.startsWith("+"));
                }
            }
        }
    }

    /** The rules and paths of the table, by which they belong to each other. */
    private static List<List<String>> blocks() throws IOException {
        List<List<String>> blocks = new ArrayList<>();
        boolean inRules = false;
        for (String raw : Files.readAllLines(TABLE, StandardCharsets.UTF_8)) {
            if (raw.isEmpty() || "=-+".indexOf(raw.charAt(0)) < 0) {
                continue;
            }
            String line = Pattern.compile("\\\\u([0-9A-F]{4})")
                    .matcher(raw)
                    .replaceAll(found ->
                            Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 16))));
            boolean isRule = line.startsWith("=");
            if (isRule && !inRules) {
                blocks.add(new ArrayList<>());
            }
            inRules = isRule;
            blocks.get(blocks.size() - 1).add(line);
        }
        return blocks;
    }

    /** Two names that are one to nobody: what is compared is not the empty tar. */
    @Test
    void dockerBuildIsRunAtAll() throws IOException {
        Path root = Files.createDirectory(folder.resolve("plain"));
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve(".dockerignore"), "b");

        assertThat(TarListing.of(List.of(ByteBuffer.wrap(new DockerCommand(engine, folder).context(root)))))
                .containsOnlyKeys(".dockerignore", "a");
    }
}
