package dev.fairlead.core.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders packed and unpacked by processes that are not as the test's own: in another locale, and without root's rights. */
final class PackedElsewhereTest {

    @TempDir
    Path folder;

    private Path tree() throws IOException {
        return Files.createDirectories(folder.resolve("tree"));
    }

    private static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : "failed: " + said;
    }

    private String pack(List<String> before, String rules, Map<String, String> environment)
            throws IOException, InterruptedException {
        return java(
                before,
                environment,
                PackFolder.class,
                tree(),
                folder.resolve("x.tar"),
                Files.writeString(folder.resolve("rules"), rules));
    }

    private String unpack(List<String> before, Map<String, String> environment)
            throws IOException, InterruptedException {
        return java(before, environment, UnpackTar.class, folder.resolve("x.tar"), folder.resolve("out"));
    }

    private String java(List<String> before, Map<String, String> environment, Class<?> main, Path... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        return run(command, environment);
    }

    /** Root may read all, unless it is taken from it. */
    private List<String> withoutRights() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(tree(), "unix:uid"))
                ? List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")
                : List.of();
    }

    private Map<String, TarReading.Read> packed() throws IOException {
        return TarReading.byName(Files.readAllBytes(folder.resolve("x.tar")));
    }

    /** Java decodes names by the locale: where that is ASCII, "é" is not to be had as a text. */
    @Test
    void namesAreTheSameInALocaleWithoutThem() throws IOException, InterruptedException {
        // By bytes, whatever the locale of the test is.
        String script = "cd \"$0\"; n=$(printf '\\303\\251'); mkdir \"d$n\" \"$n\"; echo x > \"d$n/$n\"; "
                + "ln -s \"$n\" \"link$n\"; ln -s \"../$n/\" slash; ln -s \"/$n\" absolute; echo y > \"i$n\"";
        assertThat(run(List.of("sh", "-c", script, tree().toString()), Map.of()))
                .isEmpty();

        assertThat(pack(List.of(), "i\u00e9", Map.of("LC_ALL", "C"))).isEmpty();

        Map<String, TarReading.Read> packed = packed();
        assertThat(packed.keySet())
                .containsExactly("absolute", "d\u00e9/", "d\u00e9/\u00e9", "link\u00e9", "slash", "\u00e9/");
        assertThat(link(packed, "link\u00e9")).isEqualTo("\u00e9");
        assertThat(link(packed, "slash")).isEqualTo("../\u00e9/");
        assertThat(link(packed, "absolute")).isEqualTo("/\u00e9");
    }

    private static String link(Map<String, TarReading.Read> packed, String name) {
        return Objects.requireNonNull(packed.get(name)).entry().getLinkName();
    }

    @Test
    void whatIsLeftOutNeedNotBeReadable() throws IOException, InterruptedException {
        Path file = Files.writeString(tree().resolve("file"), "x");
        Path directory = Files.createDirectory(tree().resolve("directory"));
        Files.writeString(tree().resolve("plain"), "x");
        Files.setAttribute(file, "unix:mode", 0);
        Files.setAttribute(directory, "unix:mode", 0);
        List<String> bare = withoutRights();

        assertThat(pack(bare, "file\ndirectory", Map.of())).isEmpty();
        assertThat(packed().keySet()).containsExactly("plain");
        assertThat(pack(bare, "file\ndirectory\n!**/x", Map.of())).isEmpty();
        assertThat(packed().keySet()).containsExactly("plain");
        assertThat(pack(bare, "file", Map.of())).contains("AccessDeniedException: " + directory);
        assertThat(pack(bare, "directory", Map.of())).contains("AccessDeniedException: " + file);
    }

    /** As images have them: a file of passwords, a program that only root reads. */
    @Test
    void whatItsOwnerMayNotReadIsUnpacked() throws IOException, InterruptedException {
        Path file = Files.writeString(tree().resolve("file"), "x");
        Path directory = Files.createDirectory(tree().resolve("directory"));
        Files.writeString(directory.resolve("inside"), "x");
        Files.setAttribute(file, "unix:mode", 0);
        Files.setAttribute(directory, "unix:mode", 0111);
        Instant time = Instant.parse("2001-02-03T04:05:06Z");
        Files.setLastModifiedTime(file, FileTime.from(time));
        Files.setLastModifiedTime(directory, FileTime.from(time));
        assertThat(pack(List.of(), "", Map.of())).isEmpty();

        assertThat(unpack(withoutRights(), Map.of())).isEmpty();

        Path out = folder.resolve("out");
        assertThat((int) Files.getAttribute(out.resolve("file"), "unix:mode") & 07777)
                .isZero();
        assertThat((int) Files.getAttribute(out.resolve("directory"), "unix:mode") & 07777)
                .isEqualTo(0111);
        assertThat(Files.getLastModifiedTime(out.resolve("file")).toInstant()).isEqualTo(time);
        assertThat(Files.getLastModifiedTime(out.resolve("directory")).toInstant())
                .isEqualTo(time);
        letItBeRemoved(out.resolve("directory"));
    }

    @Test
    void aNameThatTheLocaleCannotHaveIsAFailureOfThatFile() throws IOException, InterruptedException {
        assertThat(run(List.of("sh", "-c", "cd \"$0\"; echo x > $(printf '\\303\\251')", tree().toString()), Map.of()))
                .isEmpty();
        assertThat(pack(List.of(), "", Map.of("LC_ALL", "C"))).isEmpty();

        assertThat(unpack(List.of(), Map.of("LC_ALL", "C"))).contains("FileSystemException", "no name for a file here");
    }

    @AfterEach
    void letItBeRemoved() throws IOException {
        letItBeRemoved(tree().resolve("directory"));
    }

    private static void letItBeRemoved(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.setAttribute(directory, "unix:mode", 0755);
        }
    }
}
