package dev.fairlead.core.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.ignore.IgnoreRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarStreamTest {

    private static final TarAttributes PLAIN = new TarAttributes(0644, 0, 0, Instant.EPOCH);

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static TarReading.Read named(Map<String, TarReading.Read> read, String name) {
        return Objects.requireNonNull(read.get(name));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), said).isZero();
    }

    @Test
    void everyModeIsKept() throws IOException {
        TarSource[] sources = IntStream.rangeClosed(0, 07777)
                .mapToObj(mode -> TarSource.file(
                        "m%04o".formatted(mode), new byte[0], () -> new TarAttributes(mode, 0, 0, Instant.EPOCH)))
                .toArray(TarSource[]::new);

        List<TarReading.Read> read = TarReading.read(TarReading.bytes(sources));

        assertThat(read).hasSize(010000).allSatisfy(one -> assertThat(
                        "m%04o".formatted(one.entry().getMode()))
                .isEqualTo(one.entry().getName()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TarAttributes(010000, 0, 0, Instant.EPOCH))
                .withMessageContaining("mode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TarAttributes(0, -1, 0, Instant.EPOCH))
                .withMessageContaining("owner");
    }

    @Test
    void modesOfFilesAreThoseOfTheDisk() throws IOException {
        for (int mode : new int[] {0, 0400, 0777, 01644, 02755, 04755, 07777}) {
            Files.setAttribute(file("m%04o".formatted(mode), ""), "unix:mode", mode);
        }

        assertThat(TarReading.read(TarReading.bytes(FileTree.contentsOf(folder))))
                .hasSize(7)
                .allSatisfy(one -> assertThat("m%04o".formatted(one.entry().getMode()))
                        .isEqualTo(one.entry().getName()));
    }

    @Test
    void treeIsPackedInTheOrderOfItsNames() throws IOException {
        file("b/x", "1");
        file("b.txt", "2");
        file("B", "3");
        file("b/a/z", "4");
        file("é", "5");
        Files.createDirectory(folder.resolve("empty"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("../b//é"));

        Map<String, TarReading.Read> read = TarReading.byName(TarReading.bytes(FileTree.contentsOf(folder)));

        assertThat(read.keySet()).containsExactly("B", "b/", "b/a/", "b/a/z", "b/x", "b.txt", "empty/", "link", "é");
        assertThat(named(read, "b/a/z").content()).isEqualTo(new byte[] {'4'});
        assertThat(named(read, "link").entry().isSymbolicLink()).isTrue();
        assertThat(named(read, "link").entry().getLinkName()).isEqualTo("../b/é");
        assertThat(TarReading.bytes(FileTree.contentsOf(folder)))
                .as("the same again")
                .isEqualTo(TarReading.bytes(FileTree.contentsOf(folder)));
    }

    @Test
    void treeTakesANameOfItsOwn() throws IOException {
        file("a/b", "1");

        assertThat(TarReading.byName(TarReading.bytes(FileTree.of(folder.resolve("a"), "x/y")))
                        .keySet())
                .containsExactly("x/y/", "x/y/b");
        assertThat(TarReading.byName(TarReading.bytes(FileTree.of(folder.resolve("a/b"), "c")))
                        .keySet())
                .containsExactly("c");
        assertThat(TarReading.byName(TarReading.bytes(FileTree.contentsOf(folder.resolve("a/b"))))
                        .keySet())
                .containsExactly("b");
        for (String name : List.of("", "/a", "a/", "a//b", "../a", "a/..", ".", "a\0b")) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> FileTree.of(folder, name))
                    .withMessageContaining("name");
        }
    }

    @Test
    void ownersAndTimesAreKeptUnlessChanged() throws IOException {
        Path file = file("a", "1");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z")));
        int uid = (Integer) Files.getAttribute(file, "unix:uid");

        TarArchiveEntry kept = TarReading.read(TarReading.bytes(FileTree.contentsOf(folder)))
                .get(0)
                .entry();
        TarArchiveEntry given = TarReading.read(TarReading.bytes(
                        FileTree.contentsOf(folder).changed(attributes -> attributes.ownedBy(3_000_000_000L, 7))))
                .get(0)
                .entry();

        assertThat(kept.getLongUserId()).isEqualTo(uid);
        assertThat(kept.getModTime().toInstant()).isEqualTo("2001-02-03T04:05:06Z");
        assertThat(given.getLongUserId()).isEqualTo(3_000_000_000L);
        assertThat(given.getLongGroupId()).isEqualTo(7);
    }

    @Test
    void socketsAreLeftOutAndPipesAndHardLinksTaken() throws IOException, InterruptedException {
        Path first = file("first", "same");
        Files.createLink(folder.resolve("second"), first);
        run("mkfifo", folder.resolve("pipe").toString());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));

            Map<String, TarReading.Read> read = TarReading.byName(TarReading.bytes(FileTree.contentsOf(folder)));

            assertThat(read.keySet()).containsExactly("first", "pipe", "second");
            assertThat(named(read, "pipe").entry().isFIFO()).isTrue();
            assertThat(named(read, "first").content())
                    .isEqualTo(named(read, "second").content());
            assertThat(named(read, "second").entry().isFile()).isTrue();
        }
    }

    @Test
    void devicesKeepTheirNumbers() throws IOException {
        Map<String, TarReading.Read> read =
                TarReading.byName(TarReading.bytes(FileTree.of(Path.of("/dev/null"), "null")));

        TarArchiveEntry device = named(read, "null").entry();
        assertThat(device.isCharacterDevice()).isTrue();
        assertThat(device.getDevMajor()).isEqualTo(1);
        assertThat(device.getDevMinor()).isEqualTo(3);
    }

    @Test
    void systemsTarUnpacksTheSame() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Path out = Files.createDirectory(folder.resolve("out"));
        Path deep = tree;
        for (int level = 0; level < 6; level++) {
            deep = Files.createDirectory(deep.resolve("directory with a rather long name, number " + level));
        }
        Files.writeString(deep.resolve("ä".repeat(100)), "deep");
        Files.write(tree.resolve("large"), new byte[300_000]);
        Files.createSymbolicLink(tree.resolve("long link"), Path.of("x/".repeat(80) + "ü"));
        Files.setAttribute(Files.writeString(tree.resolve("set"), "s"), "unix:mode", 06711);
        Path tar = Files.write(folder.resolve("x.tar"), TarReading.bytes(FileTree.contentsOf(tree)));

        run("tar", "-xpf", tar.toString(), "-C", out.toString());

        run("diff", "-r", "--no-dereference", tree.toString(), out.toString());
        String list = "find . -mindepth 1 ! -type l -printf '%p %m %y %Ts\\n' -o -printf '%p %l\\n' | sort";
        run("bash", "-c", "diff <(cd '" + tree + "' && " + list + ") <(cd '" + out + "' && " + list + ")");
    }

    @Test
    void sizesAboveEightGigabytesAreSaid() throws IOException {
        long size = 10L << 30;
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(size);
        }
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            ByteBuffer first = Objects.requireNonNull(tar.next());

            byte[] start = TarReading.all(first, new byte[0]);
            try (TarArchiveInputStream input = new TarArchiveInputStream(new ByteArrayInputStream(start))) {
                TarArchiveEntry entry = input.getNextTarEntry();
                assertThat(entry.getName()).isEqualTo("sparse");
                assertThat(entry.getSize()).isEqualTo(size);
            }
        }
    }

    @Test
    void aFileThatGrowsIsCut() throws IOException {
        Path growing = Files.write(folder.resolve("a"), new byte[3 * TarStream.PIECE]);
        file("b", "after");
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            ByteBuffer first = Objects.requireNonNull(tar.next());
            Files.write(growing, new byte[100_000], StandardOpenOption.APPEND);

            Map<String, TarReading.Read> read = TarReading.byName(TarReading.all(first, TarReading.rest(tar)));
            assertThat(named(read, "a").content()).hasSize(3 * TarStream.PIECE);
            assertThat(named(read, "b").content()).hasSize(5);
        }
    }

    @Test
    void aFileThatShrinksFailsAndIsNamed() throws IOException {
        Path shrinking = Files.write(folder.resolve("a"), new byte[3 * TarStream.PIECE]);
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            assertThat(tar.next()).isNotNull();
            Files.write(shrinking, new byte[TarStream.PIECE], StandardOpenOption.TRUNCATE_EXISTING);

            assertThatExceptionOfType(FileShrank.class)
                    .isThrownBy(() -> TarReading.rest(tar))
                    .satisfies(failure -> {
                        assertThat(failure.getFile())
                                .isEqualTo(shrinking.toRealPath().toString());
                        assertThat(failure.expected()).isEqualTo(3L * TarStream.PIECE);
                        assertThat(failure.found()).isEqualTo(TarStream.PIECE);
                    })
                    .withMessageContaining("196608 bytes")
                    .withMessageContaining(shrinking.toString());
            assertThat(tar.isDone()).isFalse();
        }
    }

    @Test
    void whatVanishesIsLeftOutButNotTheRoot() throws IOException {
        Files.write(folder.resolve("a"), new byte[2 * TarStream.PIECE]);
        Path vanishing = file("b", "x");
        Path directory = Files.createDirectory(folder.resolve("c"));
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            ByteBuffer first = Objects.requireNonNull(tar.next());
            Files.delete(vanishing);
            Files.delete(directory);

            assertThat(TarReading.byName(TarReading.all(first, TarReading.rest(tar))))
                    .containsOnlyKeys("a");
        }
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> TarReading.bytes(FileTree.of(folder.resolve("nosuch"), "x")))
                .withMessageContaining("nosuch");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> TarReading.bytes(FileTree.contentsOf(folder.resolve("nosuch"))))
                .withMessageContaining("nosuch");
    }

    @Test
    void comesInWholePieces() throws IOException {
        Files.write(folder.resolve("a"), new byte[1_000_000]);
        List<Integer> lengths = new ArrayList<>();
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            for (ByteBuffer piece = tar.next(); piece != null; piece = tar.next()) {
                lengths.add(piece.remaining());
            }
            assertThat(tar.isDone()).isTrue();
        }

        assertThat(lengths.subList(0, lengths.size() - 1)).containsOnly(TarStream.PIECE);
        assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(512 + 1_000_000 + TarHeader.padding(1_000_000) + 1024);
    }

    @Test
    void stopsWhenItIsToldTo() throws IOException {
        Files.write(folder.resolve("a"), new byte[1_000_000]);
        try (TarStream tar = TarSource.open(List.of(FileTree.contentsOf(folder)))) {
            assertThat(tar.next()).isNotNull();
            tar.stop();

            assertThat(tar.next()).isNull();
            assertThat(tar.isDone()).isFalse();
        }
    }

    @Test
    void nothingIsATarToo() throws IOException {
        assertThat(TarReading.bytes()).isEqualTo(new byte[1024]);
        assertThat(TarReading.bytes(FileTree.contentsOf(folder))).isEqualTo(new byte[1024]);
    }

    @Test
    void directoriesComeForTheSakeOfWhatIsBelowThem() throws IOException {
        file("out/a", "1");
        file("out/deep/kept", "2");
        file("out/other/b", "3");
        file("also/forced", "4");
        file("dropped", "5");
        IgnoreRules rules = IgnoreRules.parse("out\nalso\n!out/deep/kept\n");

        assertThat(TarReading.byName(TarReading.bytes(
                                FileTree.contentsOf(folder).without(rules, Set.of("also/forced"), Set.of("dropped"))))
                        .keySet())
                .containsExactly("also/", "also/forced", "out/", "out/deep/", "out/deep/kept");
    }

    @Test
    void memoryEntriesOfAllKinds() throws IOException {
        Map<String, TarReading.Read> read = TarReading.byName(TarReading.bytes(
                TarSource.directory("d", () -> PLAIN),
                TarSource.file("d/f", new byte[] {1}, () -> PLAIN),
                TarSource.symbolicLink("l", "d/f", () -> PLAIN)));

        assertThat(read.keySet()).containsExactly("d/", "d/f", "l");
        assertThat(named(read, "l").entry().getLinkName()).isEqualTo("d/f");
    }
}
