package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.testing.CopyCommand;
import dev.fairlead.testing.Listing;
import dev.fairlead.testing.NewestEngine;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Each case is done twice, by {@code docker cp} and by us: both succeed with the same files, or both refuse. */
final class CopyIT extends EngineTest {

    /** All kinds of files, under /files. */
    private static final String FILES = "mkdir -p /files/dir/sub/empty /files/closed; cd /files; echo hello > file; "
            + "echo inside > dir/inside; head -c 100000 /dev/zero | tr '\\0' x > dir/sub/large; : > dir/sub/none; "
            + "ln -s file link; ln -s dir dirlink; ln -s nowhere broken; ln -s /etc/passwd dir/absolute; "
            + "ln -s ../file dir/up; ln dir/inside dir/sub/same; "
            + "n=$(printf '%0150d' 7); echo long > dir/$n; ln -s $n dir/longlink; echo x > 'dir/grüße 🐳'; "
            + "chmod 4755 file; chmod 1777 dir/sub; echo s > closed/secret; chmod 0 closed/secret; chmod 500 closed; "
            + "touch -t 200102030405 file dir/inside dir";

    @TempDir
    private Path temp;

    private final CopyCommand command;

    CopyIT(RealEngine engine) {
        super(engine);
        this.command = CopyCommand.of(engine);
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

    @NewestEngine
    @Test
    void copiesToTheHostAsDockerCpDoes() throws Exception {
        String id = ended(FILES);
        String[] sources = {
            "/files/file",
            "/files/dir",
            "/files/dir/",
            "/files/dir/.",
            "/files/link",
            "/files/dirlink",
            "/files/dirlink/.",
            "/files/broken",
            "/files/closed",
            "/files/../files/dir",
            "files/file",
            "/files/missing",
            "/files/file/"
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
                if (!isIn(cases)) {
                    continue;
                }

                CopyCommand.Result result = command.run("cp", id + ":" + source, theirs + "/" + target);
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

    /** What both copy from. */
    private Path source() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("file"), "hello");
        Path sub = Files.createDirectories(source.resolve("dir/sub"));
        Files.createDirectory(sub.resolve("empty"));
        Files.write(sub.resolve("large"), new byte[200_000]);
        Files.writeString(source.resolve("dir/" + "l".repeat(180)), "long");
        Files.writeString(source.resolve("dir/grüße 🐳"), "letters");
        Files.createSymbolicLink(source.resolve("link"), Path.of("file"));
        Files.createSymbolicLink(source.resolve("dirlink"), Path.of("dir"));
        Files.createSymbolicLink(source.resolve("broken"), Path.of("nowhere"));
        Files.createSymbolicLink(source.resolve("dir/absolute"), Path.of("/etc/passwd"));
        Files.createLink(source.resolve("dir/same"), source.resolve("dir/sub/large"));
        Files.setAttribute(source.resolve("file"), "unix:mode", 04711);
        Files.setAttribute(sub, "unix:mode", 01777);
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path path : paths.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2011-11-11T11:11:11Z")));
            }
        }
        return source;
    }

    /** All of a container's folder, as it is on a disk here. */
    private Map<String, String> listedInside(String id, String name) throws IOException {
        Path folder = temp.resolve(name);
        get(docker.containers().copyToHost(id, "/files", Files.createDirectory(folder)));
        Map<String, String> listing = Listing.of(folder);
        listing.replaceAll((path, entry) ->
                path.equals("files") || path.equals("files/there") ? entry.replaceFirst(", .*?, ", ", ") : entry);
        return listing;
    }

    @NewestEngine
    @Test
    void copiesIntoAContainerAsDockerCpDoes() throws Exception {
        String files =
                "mkdir -p /files/there; cd /files; echo kept > there/kept; echo old > some; ln -s there tothere; "
                        + "ln -s some tosome; ln -s new tonew; ln -s /files/there absolute; mkfifo pipe; "
                        + "touch -t 200102030405 some there/kept pipe";
        Path source = source();
        String[] sources = {"file", "dir", "dir/.", "link", "dirlink", "dirlink/.", "broken", "missing", "dir/../file"};
        String[] targets = {
            "/files/there",
            "/files/there/",
            "/files/there/.",
            "/files/new",
            "/files/new/",
            "/files/some",
            "/files/some/",
            "/files/tothere",
            "/files/tosome",
            "/files/tonew",
            "/files/absolute",
            "/files/there/new",
            "/files/no/new",
            "/files/some/new",
            "files/new"
        };
        String image = get(docker.images().commit(ended(files)));
        Map<String, String> differences = new LinkedHashMap<>();
        int cases = 0;
        for (String from : sources) {
            for (String to : targets) {
                cases++;
                if (!isIn(cases)) {
                    continue;
                }
                String theirs = madeFrom(image);
                String ours = madeFrom(image);

                CopyCommand.Result result = command.run("cp", source + "/" + from, theirs + ":" + to);
                String failure = get(docker.containers()
                        .copyFromHost(ours, Path.of(source + "/" + from), to)
                        .thenReturn("")
                        .onErrorResume(problem -> Mono.just(problem.toString())));

                String difference =
                        difference(listedInside(theirs, "theirs" + cases), listedInside(ours, "ours" + cases));
                if (result.success() != failure.isEmpty()) {
                    differences.put(from + " to " + to, result.output() + " but " + failure);
                } else if (!difference.isEmpty()) {
                    differences.put(from + " to " + to, difference);
                }
                done(docker.containers().remove(theirs).then(docker.containers().remove(ours)));
            }
        }
        done(docker.images().remove(image, remove -> remove.force(true)).then());
        assertThat(differences).isEmpty();
        assertThat(cases).isEqualTo(135);
    }

    /** All of the cases take minutes; every fourth meets each source and each target. */
    private static boolean isIn(int number) {
        return Boolean.getBoolean("fairlead.long") || number % 4 == 0;
    }

    private String madeFrom(String image) {
        return get(docker.containers()
                        .create(image, container -> marked(container).cmd("true")))
                .id();
    }

    @Test
    void whoseTheFilesAreInTheContainerIsAsWithDockerCp() throws Exception {
        Path file = Files.writeString(temp.resolve("owned"), "x");
        Files.setAttribute(file, "unix:uid", 1234);
        Files.setAttribute(file, "unix:gid", 77);
        String id =
                create(container -> container.user("55:66").cmd("stat", "-c", "%u:%g", "/kept", "/given", "/1", "/2"));

        done(docker.containers().copyFromHost(id, file, "/kept"));
        if (!engine.version().equals("28.5")) {
            // Older ones look the user up by a program of the machine, and take no numbers, from neither.
            failure(
                    EngineFailure.class,
                    docker.containers().copyFromHost(id, file, "/given", copy -> copy.copyUidGid(true)));
            assertThat(command.run("cp", "--archive", file.toString(), id + ":/2")
                            .success())
                    .isFalse();
            return;
        }
        done(docker.containers().copyFromHost(id, file, "/given", copy -> copy.copyUidGid(true)));
        assertThat(command.run("cp", file.toString(), id + ":/1").success()).isTrue();
        assertThat(command.run("cp", "--archive", file.toString(), id + ":/2").success())
                .isTrue();

        done(docker.containers().start(id).then());
        get(docker.containers().awaitExit(id));
        assertThat(text(docker.containers().logs(id))).isEqualTo("1234:77\n55:66\n1234:77\n55:66\n");
    }

    @Test
    void devicesAndPipesAreLeftOutAndCounted() throws Exception {
        String id = ended("mkdir /files; mkfifo /files/pipe; echo x > /files/file");

        Unpacked unpacked = get(docker.containers().copyToHost(id, "/files", temp));

        assertThat(unpacked).isEqualTo(new Unpacked(2, 2, 1));
        assertThat(Listing.of(temp.resolve("files")).keySet()).containsExactly("file");
    }

    @Test
    void unpacksAllOfAContainer() throws Exception {
        String id = ended("echo hello > /new");

        Unpacked unpacked = get(Tar.unpack(docker.containers().export(id), temp.resolve("all")));

        assertThat(temp.resolve("all/new")).hasContent("hello");
        assertThat(temp.resolve("all/bin/sh")).isSymbolicLink();
        assertThat(unpacked.entries()).isGreaterThan(100);
    }
}
