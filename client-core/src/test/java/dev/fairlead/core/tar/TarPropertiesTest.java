package dev.fairlead.core.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class TarPropertiesTest {

    /** A file to be packed. */
    record Wanted(String name, int size, TarAttributes attributes) {}

    @Provide
    Arbitrary<List<Wanted>> files() {
        Arbitrary<String> part = Arbitraries.oneOf(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(140).alpha(),
                Arbitraries.strings()
                        .withChars("aé日\n =\"'\\*😀".toCharArray())
                        .ofMinLength(1)
                        .ofMaxLength(60)
                        // Half of a pair is no letter.
                        .map(text -> text.replaceAll("[\\ud800-\\udfff]", "x")));
        Arbitrary<String> name = part.filter(text -> !text.equals(".") && !text.equals(".."))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("/", parts));
        Arbitrary<Integer> size = Arbitraries.of(
                0,
                1,
                511,
                512,
                513,
                1023,
                1024,
                TarStream.PIECE - 513,
                TarStream.PIECE - 512,
                TarStream.PIECE - 511,
                TarStream.PIECE,
                TarStream.PIECE + 1,
                200_001);
        Arbitrary<TarAttributes> attributes = Combinators.combine(
                        Arbitraries.integers().between(0, 07777),
                        Arbitraries.longs().between(0, 0xFFFFFFFFL),
                        Arbitraries.longs().between(0, 0xFFFFFFFFL),
                        Arbitraries.longs().between(-10_000_000_000L, 10_000_000_000L))
                .as((mode, uid, gid, time) -> new TarAttributes(mode, uid, gid, Instant.ofEpochSecond(time)));
        return Combinators.combine(name, size, attributes)
                .as(Wanted::new)
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 300)
    void whatIsPackedIsReadBack(@ForAll("files") List<Wanted> files) throws IOException {
        List<TarSource> sources = new ArrayList<>();
        files.forEach(file -> sources.add(TarSource.file(file.name(), content(file), file::attributes)));

        byte[] tar = TarReading.bytes(sources.toArray(TarSource[]::new));

        List<TarReading.Read> read = TarReading.read(tar);
        assertThat(read).hasSameSizeAs(files);
        for (int index = 0; index < read.size(); index++) {
            Wanted file = files.get(index);
            var entry = read.get(index).entry();
            assertThat(entry.getName()).isEqualTo(file.name());
            assertThat(entry.isFile()).isTrue();
            assertThat(entry.getMode()).isEqualTo(file.attributes().mode());
            assertThat(entry.getLongUserId()).isEqualTo(file.attributes().uid());
            assertThat(entry.getLongGroupId()).isEqualTo(file.attributes().gid());
            assertThat(entry.getModTime().toInstant())
                    .isEqualTo(file.attributes().modified());
            assertThat(read.get(index).content()).isEqualTo(content(file));
        }
        assertThat(tar.length % 512).isZero();
        assertThat(tar).endsWith(new byte[1024]);
    }

    private static byte[] content(Wanted file) {
        byte[] content = new byte[file.size()];
        new Random(file.size()).nextBytes(content);
        return content;
    }
}
