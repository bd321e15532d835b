package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.DockerCommand;
import dev.fairlead.testing.Listing;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Each case is done twice, by {@code docker cp} and by us: both succeed with the same files, or both refuse. */
final class CopyIT extends EngineTest {

    /** All kinds of files, under /work. */
    private static final String FILES = "mkdir -p /work/dir/sub/empty /work/closed; cd /work; echo hello > file; "
            + "echo inside > dir/inside; head -c 100000 /dev/zero | tr '\\0' x > dir/sub/large; : > dir/sub/none; "
            + "ln -s file link; ln -s dir dirlink; ln -s nowhere broken; ln -s /etc/passwd dir/absolute; "
            + "ln -s ../file dir/up; ln dir/inside dir/sub/same; "
            + "n=$(printf '%0150d' 7); echo long > dir/$n; ln -s $n dir/longlink; echo x > 'dir/grüße 🐳'; "
            + "chmod 4755 file; chmod 1777 dir/sub; echo s > closed/secret; chmod 0 closed/secret; chmod 500 closed; "
            + "touch -t 200102030405 file dir/inside dir";

    @TempDir
    private Path temp;

    private final DockerCommand command;

    CopyIT(RealEngine engine) {
        super(engine);
        this.command = DockerCommand.of(engine);
    }

    /** A folder here as both find it. */
    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectory(temp.resolve(name));
        Files.createDirectory(folder.resolve("there"));
        for (String file : List.of("there/kept", "some")) {
            Files.setLastModifiedTime(
                    Files.writeString(folder.resolve(file), "old"),
                    FileTime.from(Instant.parse("2020-02-02T20:20:20Z")));
        }
        Files.createSymbolicLink(folder.resolve("tothere"), Path.of("there"));
        Files.createSymbolicLink(folder.resolve("tosome"), Path.of("some"));
        Files.createSymbolicLink(folder.resolve("tonew"), Path.of("new"));
        return folder;
    }

    /** Without the time of the folder that something is copied into, which is that of the copy. */
    private static Map<String, String> listed(Path folder) throws IOException {
        Map<String, String> listing = Listing.of(folder);
        listing.computeIfPresent("there", (path, entry) -> entry.replaceFirst(", .*?, ", ", "));
        return listing;
    }

    private static String difference(Map<String, String> theirs, Map<String, String> ours) {
        Set<String> paths = new TreeSet<>(theirs.keySet());
        paths.addAll(ours.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(theirs.get(path), ours.get(path)))
                .map(path -> path + ": " + theirs.get(path) + " but " + ours.get(path) + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void copiesToTheHostAsDockerCpDoes() throws Exception {
        String id = ended(FILES);
        String[] sources = {
            "/work/file",
            "/work/dir",
            "/work/dir/",
            "/work/dir/.",
            "/work/link",
            "/work/dirlink",
            "/work/dirlink/.",
            "/work/broken",
            "/work/closed",
            "/work/../work/dir",
            "work/file",
            "/work/missing",
            "/work/file/"
        };
        String[] targets = {
            "there", "there/.", "new", "some", "tothere", "tosome", "tonew", "there/new", "no/new", "some/new", "."
        };
        Map<String, String> differences = new LinkedHashMap<>();
        int cases = 0;
        for (String source : sources) {
            for (String target : targets) {
                Path theirs = folder("theirs" + cases);
                Path ours = folder("ours" + cases);
                cases++;

                DockerCommand.Result result = command.run("cp", id + ":" + source, theirs + "/" + target);
                String failure = get(docker.containers()
                        .copyToHost(id, source, Path.of(ours + "/" + target))
                        .map(done -> "")
                        .onErrorResume(problem -> Mono.just(problem.toString())));

                if (result.success() != failure.isEmpty()) {
                    differences.put(source + " to " + target, result.output() + " but " + failure);
                } else {
                    String difference = difference(listed(theirs), listed(ours));
                    if (!difference.isEmpty()) {
                        differences.put(source + " to " + target, difference);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(cases).isEqualTo(143);
    }
}
