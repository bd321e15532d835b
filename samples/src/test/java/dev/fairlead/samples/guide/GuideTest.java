package dev.fairlead.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.samples.testing.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the guide shows is what the compiler saw, and leads somewhere. */
class GuideTest {

    private static final Path TOP = Path.of("..");
    private static final Path FAIRLEAD = Path.of("src", "main", "java");
    private static final Path DOCKER_JAVA =
            TOP.resolve(Path.of("benchmarks", "src", "test", "java", "dev", "fairlead", "benchmarks", "guide"));

    private static final Pattern TASK = Pattern.compile("^### (\\d+)\\. ", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    @Test
    void everyBlockOfJavaIsCutFromWhatWasCompiled() throws IOException {
        Shown.requireCutFrom(Shown.marked("GUIDE", FAIRLEAD, DOCKER_JAVA), Shown.blocks(guide(), "java"));
    }

    @Test
    void eachOfTwentyTasksShowsTheCommandThenDockerJavaThenFairlead() throws IOException {
        String theirs = Shown.dense(String.join("", Shown.marked("GUIDE", DOCKER_JAVA)));
        String ours = Shown.dense(String.join("", Shown.marked("GUIDE", FAIRLEAD)));
        List<String> tasks = tasks(guide());
        assertThat(tasks).hasSize(20);
        for (String task : tasks) {
            assertThat(Shown.blocks(task, "sh")).as(task).hasSize(1);
            List<String> java = Shown.blocks(task, "java");
            assertThat(java).as(task).hasSizeGreaterThan(1);
            assertThat(theirs).contains(Shown.dense(java.get(0)));
            java.subList(1, java.size()).forEach(own -> assertThat(ours).contains(Shown.dense(own)));
        }
    }

    @Test
    void theTableOfTasksNamesWhatTheyShow() throws IOException {
        List<String> tasks = tasks(guide());
        List<String> rows =
                guide().lines().filter(line -> line.startsWith("| [")).toList();
        assertThat(rows).hasSameSizeAs(tasks);
        for (String row : rows) {
            String[] cells = row.split(" \\| ", -1);
            String task = tasks.get(rows.indexOf(row));
            List<String> java = Shown.blocks(task, "java");
            assertThat(names(cells[1])).allSatisfy(name -> assertThat(task).contains(name));
            assertThat(names(cells[2]))
                    .allSatisfy(name -> assertThat(Shown.dense(java.get(0))).contains(Shown.dense(name)));
            assertThat(names(cells[3]))
                    .allSatisfy(name -> assertThat(Shown.dense(java.get(1))).contains(Shown.dense(name)));
        }
    }

    @Test
    void everyLinkOfTheDocumentsHasAnEnd() throws IOException {
        int links = 0;
        for (String document : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guide.md")) {
            Path file = TOP.resolve(document);
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                links++;
                Path end = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                assertThat(end).as(document + " links to it").exists();
                if (link.group(2) != null) {
                    assertThat(anchors(Files.readString(end))).contains(link.group(2));
                }
            }
        }
        assertThat(links).isGreaterThan(5);
    }

    @Test
    void whatStandsInForAnEngineAnswers() throws IOException {
        assertThat(Clients.withoutAnEngine()).isEqualTo(1);
    }

    /** What stands between backticks. */
    private static List<String> names(String cell) {
        List<String> names =
                NAME.matcher(cell).results().map(name -> name.group(1)).toList();
        assertThat(names).isNotEmpty();
        return names;
    }

    /** The sections of the tasks, without what comes after the last. */
    private static List<String> tasks(String guide) {
        List<String> tasks = new ArrayList<>();
        Matcher matcher = TASK.matcher(guide);
        while (matcher.find()) {
            assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(tasks.size() + 1);
            int end = Stream.of("\n### ", "\n## ")
                    .mapToInt(heading -> guide.indexOf(heading, matcher.end()))
                    .filter(found -> found >= 0)
                    .min()
                    .orElse(guide.length());
            tasks.add(guide.substring(matcher.start(), end));
        }
        return tasks;
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(String document) {
        return HEADING.matcher(document)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    static String guide() throws IOException {
        return Files.readString(TOP.resolve("docs").resolve("guide.md"));
    }
}
