package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineAssemblerTest {

    /** The text and, by a plus, whether the line goes on. */
    private static List<String> lines(List<ByteBuffer> reads, int maximum) {
        LineAssembler assembler = new LineAssembler(OutputSource.STDOUT, maximum);
        List<OutputLine> lines = new ArrayList<>();
        for (ByteBuffer read : reads) {
            for (OutputLine line = assembler.next(read); line != null; line = assembler.next(read)) {
                lines.add(line);
            }
            assertThat(read.hasRemaining()).isFalse();
        }
        for (OutputLine line = assembler.end(false); line != null; line = assembler.end(false)) {
            lines.add(line);
        }
        assertThat(assembler.isWithinLine()).isFalse();
        return lines.stream().map(LineAssemblerTest::told).toList();
    }

    private static String told(OutputLine line) {
        return line.text() + (line.continued() ? "+" : "");
    }

    private static List<String> lines(String text, int maximum) {
        return lines(Feed.whole(text.getBytes(UTF_8)), maximum);
    }

    @Test
    void endsAreCutOffAndNothingElseIs() {
        assertThat(lines("a\nb\r\n\n\r\nc\rd\r\r\n e ", 100)).containsExactly("a", "b", "", "", "c\rd\r", " e ");
        assertThat(lines("", 100)).isEmpty();
        assertThat(lines("\n", 100)).containsExactly("");
        assertThat(lines("a\r", 100)).containsExactly("a\r");
    }

    @Test
    void longLinesComeInPieces() {
        assertThat(lines("abcdefghij\nk", 4)).containsExactly("abcd+", "efgh+", "ij", "k");
        assertThat(lines("abcd\nabcd\r\nabcd", 4)).containsExactly("abcd", "abcd", "abcd");
        assertThat(lines("abcd\rx", 4)).containsExactly("abcd+", "\rx");
        assertThat(lines("abcd\r", 4)).containsExactly("abcd+", "\r");
        assertThat(lines("abcde\r\n", 4)).containsExactly("abcd+", "e");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(lines("abcä\n", 4)).containsExactly("abc+", "ä");
        assertThat(lines("ab€€\n", 4)).containsExactly("ab+", "€+", "€");
        assertThat(lines("a😀😀😀\n", 4)).containsExactly("a+", "😀+", "😀+", "😀");
        assertThat(lines("😀\n😀x\n", 4)).containsExactly("😀", "😀+", "x");
    }

    @Test
    void eachMalformedByteIsReplacedAsGoDoes() {
        byte[] bytes = {'a', (byte) 0xE2, (byte) 0x82, 'b', (byte) 0xFF, (byte) 0xC0, (byte) 0x80, '\n'};
        assertThat(lines(Feed.whole(bytes), 100)).containsExactly("a��b���");
        byte[] torn = {'a', (byte) 0xF0, (byte) 0x9F, (byte) 0x98};
        assertThat(lines(Feed.whole(torn), 100)).containsExactly("a���");
        byte[] continuations = new byte[6];
        java.util.Arrays.fill(continuations, (byte) 0x80);
        assertThat(lines(Feed.whole(continuations), 4)).containsExactly("����+", "��");
    }

    @Test
    void aTornLineIsMarked() {
        LineAssembler assembler = new LineAssembler(OutputSource.STDERR, 4);
        assertThat(assembler.next(ByteBuffer.wrap("abcde".getBytes(UTF_8)))).isNull();
        assertThat(assembler.end(true))
                .isEqualTo(new OutputLine(OutputSource.STDERR, "abcd", true, null, java.util.Map.of()));
        assertThat(assembler.end(true))
                .isEqualTo(new OutputLine(OutputSource.STDERR, "e", true, null, java.util.Map.of()));
        assertThat(assembler.end(true)).isNull();
    }

    @Test
    void everyCutOfEveryByteGivesTheSame() {
        byte[] bytes = "ab\r\nä€😀x\r\rlonger than it\r\n\n\r\nlast\r".getBytes(UTF_8);
        for (int maximum = 4; maximum < 12; maximum++) {
            List<String> whole = lines(Feed.whole(bytes), maximum);
            assertThat(lines(Feed.byteByByte(bytes), maximum)).isEqualTo(whole);
            for (int at = 0; at <= bytes.length; at++) {
                assertThat(lines(Feed.cutAt(bytes, at), maximum))
                        .as("cut at %d", at)
                        .isEqualTo(whole);
            }
        }
    }

    @Property(tries = 1000)
    void anyBytesInAnyReadsGiveTheLinesOfTheModel(
            @ForAll("output") byte[] bytes,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int longest,
            @ForAll @IntRange(min = 4, max = 30) int maximum) {
        assertThat(lines(Feed.cut(bytes, seed, longest), maximum)).isEqualTo(model(bytes, maximum));
    }

    /** Line ends and pieces of characters more often than chance would have them. */
    @Provide
    Arbitrary<byte[]> output() {
        Arbitrary<Byte> special = Arbitraries.of(
                (byte) '\n',
                (byte) '\r',
                (byte) 'a',
                (byte) 0xC3,
                (byte) 0xA4,
                (byte) 0xE2,
                (byte) 0x82,
                (byte) 0xAC,
                (byte) 0xF0,
                (byte) 0x9F,
                (byte) 0x98,
                (byte) 0x80);
        Arbitrary<String> texts = Arbitraries.of("\r\n", "ä", "€", "😀", "text", "\n", "longer than some");
        Arbitrary<byte[]> raw = special.array(byte[].class).ofMaxSize(6);
        return Arbitraries.oneOf(
                        raw,
                        texts.map(text -> text.getBytes(UTF_8)),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(4))
                .list()
                .ofMaxSize(30)
                .map(parts -> Feed.concat(parts.toArray(byte[][]::new)));
    }

    /** The same, of all bytes at once. */
    private static List<String> model(byte[] bytes, int maximum) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= bytes.length; at++) {
            boolean end = at < bytes.length && bytes[at] == '\n';
            if (!end && (at < bytes.length || start == at)) {
                continue;
            }
            int contentEnd = end && at > start && bytes[at - 1] == '\r' ? at - 1 : at;
            while (contentEnd - start > maximum) {
                int cut = start + maximum;
                for (int back = 1; back < 4 && cut == start + maximum; back++) {
                    int lead = bytes[cut - back] & 0xFF;
                    int length = lead >= 0xF0 && lead <= 0xF4
                            ? 4
                            : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
                    boolean onlyContinuations = true;
                    for (int between = cut - back + 1; between <= cut; between++) {
                        onlyContinuations &= (bytes[between] & 0xC0) == 0x80;
                    }
                    if (length > back && onlyContinuations) {
                        cut -= back;
                        break;
                    }
                }
                lines.add(goText(bytes, start, cut) + "+");
                start = cut;
            }
            lines.add(goText(bytes, start, contentEnd));
            start = at + 1;
        }
        return lines;
    }

    /** As Go's decoder: a good character, or one U+FFFD for one byte. */
    private static String goText(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder();
        int at = from;
        while (at < to) {
            int taken = 0;
            for (int length = 1; length <= 4 && at + length <= to && taken == 0; length++) {
                String one = new String(bytes, at, length, UTF_8);
                if (one.codePointCount(0, one.length()) == 1
                        && java.util.Arrays.equals(
                                one.getBytes(UTF_8), java.util.Arrays.copyOfRange(bytes, at, at + length))) {
                    text.append(one);
                    taken = length;
                }
            }
            if (taken == 0) {
                text.append('�');
                taken = 1;
            }
            at += taken;
        }
        return text.toString();
    }

    @Property(tries = 20)
    void aLineOfAnyLengthHoldsNoMoreThanTheMaximum(
            @ForAll long seed, @ForAll @IntRange(min = 100_000, max = 400_000) int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        for (int at = 0; at < length; at++) {
            bytes[at] = (byte) ('a' + (bytes[at] & 0xF));
        }
        LineAssembler assembler = new LineAssembler(OutputSource.CONSOLE, LineAssembler.LARGEST_LINE);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (ByteBuffer read : Feed.cut(bytes, seed, 30_000)) {
            for (OutputLine piece = assembler.next(read); piece != null; piece = assembler.next(read)) {
                assertThat(piece.continued()).isTrue();
                assertThat(piece.text()).hasSize(LineAssembler.LARGEST_LINE);
                joined.writeBytes(piece.text().getBytes(UTF_8));
            }
        }
        for (OutputLine rest = assembler.end(false); rest != null; rest = assembler.end(false)) {
            joined.writeBytes(rest.text().getBytes(UTF_8));
        }
        assertThat(joined.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void aLineMayBeAsLongAsAnArray() {
        assertThat(lines("ab\ncd", Integer.MAX_VALUE)).containsExactly("ab", "cd");
    }
}
