package dev.fairlead.core.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.error.UnsafeArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarUnpackerTest {

    @TempDir
    private Path temp;

    private Path folder() {
        return temp.resolve("out");
    }

    private TarUnpacker unpacker() throws IOException {
        return new TarUnpacker("unpack", folder(), UnaryOperator.identity());
    }

    private void unpack(byte[] tar) throws IOException {
        try (TarUnpacker unpacker = unpacker()) {
            unpacker.unpack(ByteBuffer.wrap(tar));
            unpacker.finish();
        }
    }

    /** What GNU's tar makes of a folder. */
    private byte[] packed(Path source, String... options) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("tar", "-C", source.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cf", "-", "."));
        Process tar = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] bytes = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
        return bytes;
    }

    /** Of each path below a folder: what it is, its mode, its time and what it holds. */
    private static Map<String, String> listing(Path folder) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                boolean link = Files.isSymbolicLink(path);
                String holds = link
                        ? "-> " + Files.readSymbolicLink(path)
                        : Files.isDirectory(path) ? "directory" : Arrays.hashCode(Files.readAllBytes(path)) + "";
                int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                Instant time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
                all.put(folder.relativize(path).toString(), "%o %s %s".formatted(mode, time, holds));
            }
        }
        all.remove("");
        return all;
    }

    /** All that a folder may have: long names, any letters, links, modes of all kinds, an empty and a large file. */
    private Path tree() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("plain"), "hello");
        Files.createFile(source.resolve("empty"));
        Files.write(source.resolve("large"), new byte[300_000]);
        Files.write(source.resolve("block"), new byte[512]);
        Path deep = Files.createDirectories(source.resolve("d".repeat(90)).resolve("e".repeat(90)));
        Files.writeString(deep.resolve("f".repeat(200)), "far down");
        Files.writeString(source.resolve("grüße 🐳"), "letters");
        Files.createSymbolicLink(source.resolve("link"), Path.of("plain"));
        Files.createSymbolicLink(source.resolve("far"), Path.of("g".repeat(150)));
        Files.createSymbolicLink(source.resolve("out"), Path.of("/etc/passwd"));
        Files.createLink(source.resolve("same"), source.resolve("plain"));
        Path shut = Files.createDirectory(source.resolve("shut"));
        Files.writeString(shut.resolve("inside"), "secret");
        Files.setAttribute(source.resolve("plain"), "unix:mode", 0640);
        Files.setAttribute(source.resolve("empty"), "unix:mode", 06755);
        Files.setAttribute(shut.resolve("inside"), "unix:mode", 0);
        Files.setAttribute(shut, "unix:mode", 01555);
        try (Stream<Path> paths = Files.walk(source)) {
            long second = 1_000_000_000;
            for (Path path : paths.sorted().toList()) {
                if (!Files.isSymbolicLink(path)) {
                    Files.setLastModifiedTime(path, java.nio.file.attribute.FileTime.from(second++, TimeUnit.SECONDS));
                }
            }
        }
        return source;
    }

    private static Map<String, String> withoutTimesOfLinks(Map<String, String> listing) {
        listing.replaceAll((path, entry) -> entry.contains("->") ? entry.replaceFirst(" \\S+ ", " ") : entry);
        return listing;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix", "pax", "oldgnu"})
    void makesWhatTarHasPacked(String format) throws Exception {
        Path source = tree();

        unpack(packed(source, "--format=" + format));

        assertThat(withoutTimesOfLinks(listing(folder()))).isEqualTo(withoutTimesOfLinks(listing(source)));
        assertThat(Files.isSameFile(folder().resolve("plain"), folder().resolve("same")))
                .isTrue();
    }

    @Test
    void itDoesNotMatterHowTheTarIsCut() throws Exception {
        byte[] tar = packed(tree(), "--format=posix");
        for (int size : new int[] {1, 7, 511, 512, 513, 4096}) {
            Path target = temp.resolve("cut" + size);
            try (TarUnpacker unpacker = new TarUnpacker("unpack", target, UnaryOperator.identity())) {
                for (int at = 0; at < tar.length; at += size) {
                    unpacker.unpack(ByteBuffer.wrap(tar, at, Math.min(size, tar.length - at)));
                }
                unpacker.finish();
                assertThat(unpacker.bytes()).isEqualTo(listedBytes(target));
            }
            assertThat(withoutTimesOfLinks(listing(target)))
                    .isEqualTo(withoutTimesOfLinks(listing(temp.resolve("source"))));
        }
    }

    private static long listedBytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                // The second name of a file is no content.
                boolean counts = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && !path.endsWith("same");
                bytes += counts ? Files.size(path) : 0;
            }
        }
        return bytes;
    }

    @Test
    void aCutAnywhereIsAnError() throws Exception {
        Path source = Files.createDirectory(temp.resolve("small"));
        Files.writeString(source.resolve("one"), "content");
        byte[] tar = packed(source, "--format=posix");
        int end = tar.length;
        while (tar[end - 1] == 0) {
            end--;
        }
        // The content, filled up to its block; one block of zeros is an end.
        int whole = (end + 511) / 512 * 512 + 512;
        for (int cut = 0; cut < whole; cut++) {
            byte[] part = Arrays.copyOf(tar, cut);
            assertThatThrownBy(() -> unpack(part)).as("cut at %d", cut).isInstanceOf(Truncated.class);
        }
        unpack(Arrays.copyOf(tar, whole));
    }

    @Test
    void sharedExtensionsHoldForAllThatFollow() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(entry('g', "g", "17 mtime=12345.5\n"));
        tar.writeBytes(entry('0', "a", "x"));
        tar.writeBytes(entry('x', "x", "14 mtime=6789\n"));
        tar.writeBytes(entry('0', "b", "y"));
        tar.writeBytes(new byte[1024]);

        unpack(tar.toByteArray());

        assertThat(Files.getLastModifiedTime(folder().resolve("a")).toInstant())
                .isEqualTo(Instant.ofEpochSecond(12345, 500_000_000));
        assertThat(Files.getLastModifiedTime(folder().resolve("b")).toInstant()).isEqualTo(Instant.ofEpochSecond(6789));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out2/x", "a/../../x", "..", "/etc/x", "a/..", "x/./../../y"})
    void refusesNamesThatLeadOut(String name) {
        assertThatThrownBy(() -> unpack(tar(entry('0', name, "x"))))
                .isInstanceOf(UnsafeArchive.class)
                .hasMessageContaining("refused the entry " + name);
        assertThat(temp.resolve("x")).doesNotExist();
        assertThat(temp.resolve("out2")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "..", "../out", "."})
    void refusesToWriteThroughALinkOfTheTar(String target) {
        assertThatThrownBy(() -> unpack(tar(link('2', "way", target), entry('0', "way/x", "x"))))
                .isInstanceOf(UnsafeArchive.class)
                .hasMessageContaining("way on the way to it is a link");
    }

    @Test
    void refusesToWriteThroughALinkThatWasThere() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createDirectories(folder());
        Files.createSymbolicLink(folder().resolve("way"), elsewhere);

        assertThatThrownBy(() -> unpack(tar(entry('0', "way/x", "x")))).isInstanceOf(UnsafeArchive.class);
        assertThatThrownBy(() -> unpack(tar(entry('5', "way/", "")))).isInstanceOf(UnsafeArchive.class);
        assertThatThrownBy(() -> unpack(tar(link('1', "x", "way/x")))).isInstanceOf(UnsafeArchive.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aFileTakesThePlaceOfALinkAndNotOfWhatItPointsTo() throws IOException {
        Path victim = Files.writeString(temp.resolve("victim"), "untouched");

        unpack(tar(link('2', "x", victim.toString()), entry('0', "x", "new")));

        assertThat(victim).hasContent("untouched");
        assertThat(folder().resolve("x")).hasContent("new").isRegularFile();
        assertThat(Files.isSymbolicLink(folder().resolve("x"))).isFalse();
    }

    @Test
    void aHardLinkReachesNothingOutside() throws IOException {
        Files.writeString(temp.resolve("victim"), "untouched");

        assertThatThrownBy(() -> unpack(tar(link('1', "x", "../victim")))).isInstanceOf(UnsafeArchive.class);
        assertThatThrownBy(() -> unpack(tar(link('1', "x", "/etc/passwd")))).isInstanceOf(UnsafeArchive.class);
    }

    @Test
    void directoriesAndOthersTakeNotEachOthersPlace() throws IOException {
        Files.createDirectories(folder().resolve("directory"));
        Files.writeString(folder().resolve("file"), "kept");

        assertThatThrownBy(() -> unpack(tar(entry('0', "directory", "x"))))
                .isInstanceOf(UnsafeArchive.class)
                .hasMessageContaining("is there, and is a directory");
        assertThatThrownBy(() -> unpack(tar(entry('5', "file/", ""))))
                .isInstanceOf(UnsafeArchive.class)
                .hasMessageContaining("is there, and is no directory");
        assertThat(folder().resolve("file")).hasContent("kept");
    }

    @Test
    void leavesOutDevicesAndCountsThem() throws IOException {
        try (TarUnpacker unpacker = unpacker()) {
            unpacker.unpack(ByteBuffer.wrap(tar(entry('6', "pipe", ""), entry('3', "tty", ""), entry('0', "x", "x"))));
            unpacker.finish();

            assertThat(unpacker.leftOut()).isEqualTo(2);
            assertThat(unpacker.entries()).isEqualTo(1);
        }
        assertThat(listing(folder()).keySet()).containsExactly("x");
    }

    @Test
    void theFolderItselfStaysAsItIs() throws IOException {
        Files.createDirectories(folder());
        Files.setAttribute(folder(), "unix:mode", 0750);

        unpack(tar(entry('5', "./", ""), entry('0', "x", "x")));

        assertThat((int) Files.getAttribute(folder(), "unix:mode") & 07777).isEqualTo(0750);
        assertThatThrownBy(() -> unpack(tar(entry('0', ".", "x")))).isInstanceOf(UnsafeArchive.class);
    }

    @Test
    void saysWhatIsNoTar() {
        assertThatThrownBy(() -> unpack("x".repeat(512).getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("this is no tar, or it is damaged");
        assertThatThrownBy(() -> unpack(tar(entry('S', "holes", ""))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("holes");
        assertThatThrownBy(() -> unpack(tar(entry('Z', "odd", ""))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("unknown type 'Z': odd");
    }

    @Test
    void anEntryMayGetAnotherName() throws IOException {
        try (TarUnpacker unpacker =
                new TarUnpacker("unpack", folder(), name -> name.replaceFirst("^old(/|$)", "new$1"))) {
            unpacker.unpack(ByteBuffer.wrap(
                    tar(entry('5', "old/", ""), entry('0', "old/file", "x"), link('1', "old/same", "old/file"))));
            unpacker.finish();
        }
        assertThat(listing(folder()).keySet()).containsExactly("new", "new/file", "new/same");
    }

    private static byte[] tar(byte[]... entries) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            all.writeBytes(entry);
        }
        all.writeBytes(new byte[1024]);
        return all.toByteArray();
    }

    private static byte[] entry(char type, String name, String content) {
        return entry(type, name, content, "");
    }

    private static byte[] link(char type, String name, String target) {
        return entry(type, name, "", target);
    }

    private static byte[] entry(char type, String name, String content, String link) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] entry = new byte[512 + (bytes.length + 511) / 512 * 512];
        put(entry, 0, name);
        put(entry, 100, "0000644\0" + "0000000\0" + "0000000\0" + "%011o\0".formatted(bytes.length) + "00000000000\0");
        put(entry, 148, "        ");
        entry[156] = (byte) type;
        put(entry, 157, link);
        put(entry, 257, "ustar\00000");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += entry[i] & 0xFF;
        }
        put(entry, 148, "%06o\0 ".formatted(sum));
        System.arraycopy(bytes, 0, entry, 512, bytes.length);
        return entry;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    @Test
    void aHardLinkToWhatIsLeftOutIsLeftOutToo() throws IOException {
        try (TarUnpacker unpacker = unpacker()) {
            unpacker.unpack(ByteBuffer.wrap(tar(
                    entry('6', "pipe", ""),
                    link('1', "again", "pipe"),
                    link('1', "more", "again"),
                    entry('0', "pipe", "x"),
                    link('1', "same", "pipe"))));
            unpacker.finish();

            assertThat(unpacker.leftOut()).isEqualTo(3);
            assertThat(unpacker.entries()).isEqualTo(2);
        }
        assertThat(listing(folder()).keySet()).containsExactly("pipe", "same");
    }

    /** Each entry would look through all that was ever said of all, and that would grow. */
    @Test
    @Timeout(30)
    void ofExtensionsOnlyWhatIsOfUseIsKept() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int each = 10_000; each < 90_000; each++) {
            many.append("11 ").append(each).append("=x\n");
        }
        byte[] extension = entry('g', "", many.toString());
        byte[] file = entry('0', "x", "");
        try (TarUnpacker unpacker = unpacker()) {
            unpacker.unpack(ByteBuffer.wrap(extension));
            for (int each = 0; each < 5_000; each++) {
                unpacker.unpack(ByteBuffer.wrap(file));
            }
            unpacker.unpack(ByteBuffer.wrap(new byte[1024]));
            unpacker.finish();

            assertThat(unpacker.entries()).isEqualTo(5_000);
        }
    }
}
