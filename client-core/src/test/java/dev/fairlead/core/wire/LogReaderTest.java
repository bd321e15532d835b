package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.LinesLost;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogReaderTest {

    private static final Instant START = Instant.parse("2026-11-24T10:40:39.999999990Z");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int MAXIMUM = 40_000;

    /** What the Engine took at once. */
    record Taken(boolean stderr, Instant time, String text) {}

    enum Form {
        FRAMES {
            @Override
            byte[] write(Taken taken) {
                return Feed.frame(taken.stderr ? 2 : 1, (stamp(taken.time) + " " + taken.text).getBytes(UTF_8));
            }

            @Override
            Decoder<OutputLine> decoder(LogReader reader) {
                return reader.framed(false);
            }
        },
        CONSOLE {
            @Override
            byte[] write(Taken taken) {
                return (stamp(taken.time) + " " + taken.text).getBytes(UTF_8);
            }

            @Override
            Decoder<OutputLine> decoder(LogReader reader) {
                return reader.console(false);
            }
        },
        JSON {
            @Override
            byte[] write(Taken taken) {
                String text = taken.text.replace("\n", "\\n").replace("\r", "\\r");
                return ("{\"Line\":\"" + text + "\",\"Source\":\"" + (taken.stderr ? "stderr" : "stdout")
                                + "\",\"Timestamp\":\"" + taken.time + "\"}\n")
                        .getBytes(UTF_8);
            }

            @Override
            Decoder<OutputLine> decoder(LogReader reader) {
                return reader.json(false);
            }
        };

        abstract byte[] write(Taken taken);

        abstract Decoder<OutputLine> decoder(LogReader reader);

        byte[] write(List<Taken> log, @Nullable Instant since) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            boolean from = since == null;
            for (Taken taken : log) {
                // As Engines do it: from the first that is not before it.
                from |= since != null && !taken.time.isBefore(since);
                if (from) {
                    bytes.writeBytes(write(taken));
                }
            }
            return bytes.toByteArray();
        }
    }

    static String stamp(Instant time) {
        return STAMP.format(time);
    }

    /** Lines of both sources with times that go back between them, equal ones, pieces, and last words without an end. */
    private static List<Taken> log(long seed, int count, boolean console) {
        Random random = new Random(seed);
        List<Taken> log = new ArrayList<>();
        Instant now = START;
        Instant[] time = {START, START};
        String[] open = {"", ""};
        for (int at = 0; at < count; at++) {
            boolean stderr = !console && random.nextInt(3) == 0;
            int source = stderr ? 1 : 0;
            if (!open[source].isEmpty()) {
                boolean more = random.nextBoolean();
                log.add(new Taken(stderr, time[source], more ? open[source] : "end " + at + "\n"));
                open[source] = more ? open[source] : "";
                continue;
            }
            int step = random.nextInt(6);
            now = now.plusNanos(step < 2 ? 0 : step < 4 ? 1 : random.nextInt(1_000_000_000));
            // What was written down later may have been taken earlier, but for each source in order.
            Instant taken = now.minusNanos(random.nextBoolean() ? 0 : random.nextInt(1_900_000_000));
            time[source] = taken.isAfter(time[source]) ? taken : time[source];
            if (random.nextInt(8) == 0) {
                open[source] =
                        ("piece " + at + " ").repeat(ConsoleLogDecoder.PIECE).substring(0, ConsoleLogDecoder.PIECE);
                time[source] = time[source].plusNanos(1);
                log.add(new Taken(stderr, time[source], open[source]));
            } else {
                log.add(new Taken(stderr, time[source], "line " + at + (random.nextBoolean() ? "\r\n" : "\n")));
            }
        }
        for (int source = 0; source < 2; source++) {
            if (!open[source].isEmpty()) {
                log.add(new Taken(source == 1, time[source], "end\n"));
            }
        }
        return log;
    }

    private static List<OutputLine> uninterrupted(Form form, List<Taken> log) {
        LogReader reader = new LogReader("test", MAXIMUM, form != Form.CONSOLE);
        List<OutputLine> lines =
                Feed.decodeToEnd(form.decoder(reader), Feed.whole(form.write(log, reader.since(null))));
        return end(reader, lines);
    }

    private static List<OutputLine> end(LogReader reader, List<OutputLine> lines) {
        for (OutputLine line = reader.end(false); line != null; line = reader.end(false)) {
            lines.add(line);
        }
        return lines;
    }

    /** Of each source, since a reading that goes on elsewhere may have another order between them. */
    private static List<OutputLine> of(List<OutputLine> lines, OutputSource source) {
        return lines.stream().filter(line -> line.source() == source).toList();
    }

    private static void assertSame(List<OutputLine> seen, List<OutputLine> expected) {
        for (OutputSource source : OutputSource.values()) {
            assertThat(of(seen, source)).isEqualTo(of(expected, source));
        }
    }

    @Property(tries = 150)
    void eachLineComesOnceOverAnyCutConnections(
            @ForAll Form form,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int count,
            @ForAll @IntRange(max = 8) int cuts) {
        List<Taken> log = log(seed, count, form == Form.CONSOLE);
        Random random = new Random(seed);
        LogReader reader = new LogReader("test", MAXIMUM, form != Form.CONSOLE);
        List<OutputLine> seen = new ArrayList<>();
        for (int cut = 0; cut < cuts; cut++) {
            int written = random.nextInt(log.size() + 1);
            byte[] bytes = form.write(log.subList(0, written), reader.since(null));
            byte[] part = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            seen.addAll(Feed.decode(form.decoder(reader), Feed.cut(part, seed, 20_000)));
        }
        byte[] bytes = form.write(log, reader.since(null));
        seen.addAll(Feed.decodeToEnd(form.decoder(reader), Feed.cut(bytes, seed, 20_000)));
        end(reader, seen);

        assertSame(seen, uninterrupted(form, log));
    }

    @ParameterizedTest
    @EnumSource
    void eachLineComesOnceWhereverTheConnectionIsCut(Form form) {
        List<Taken> log = new ArrayList<>(log(4, 12, form == Form.CONSOLE));
        log.add(new Taken(false, START.plusSeconds(9), "same a\n"));
        log.add(new Taken(false, START.plusSeconds(9), "same b\n"));
        log.add(new Taken(false, START.plusSeconds(9), "same c\r\n"));
        log.add(new Taken(false, START.plusSeconds(10), "no end"));
        List<OutputLine> expected = uninterrupted(form, log);
        byte[] all = form.write(log, null);
        for (int at = 0;
                at <= all.length;
                at = at < 200 || all.length - at < 400 || at % 16_384 < 60 ? at + 1 : at + 37) {
            LogReader reader = new LogReader("test", MAXIMUM, form != Form.CONSOLE);
            reader.since(null);
            List<OutputLine> seen = Feed.decode(form.decoder(reader), Feed.whole(Arrays.copyOf(all, at)));
            Decoder<OutputLine> second = form.decoder(reader);
            seen.addAll(Feed.decodeToEnd(second, Feed.whole(form.write(log, reader.since(null)))));
            end(reader, seen);
            assertSame(seen, expected);
        }
    }

    /** A connection without a length looks the same cut as ended: a terminal's log may go on in the middle of a line. */
    @Test
    void aTerminalsLogThatSeemsToEndGoesOnWhereItWas() {
        List<Taken> log = List.of(
                new Taken(false, START, "one\r\n"),
                new Taken(false, START, "two\r\n"),
                new Taken(false, START.plusNanos(1), "three"));
        List<OutputLine> expected = uninterrupted(Form.CONSOLE, log);
        byte[] all = Form.CONSOLE.write(log, null);
        int torn = 0;
        for (int at = 0; at <= all.length; at++) {
            LogReader reader = new LogReader("test", MAXIMUM, false);
            reader.since(null);
            List<OutputLine> seen = new ArrayList<>();
            try {
                seen.addAll(Feed.decodeToEnd(Form.CONSOLE.decoder(reader), Feed.whole(Arrays.copyOf(all, at))));
            } catch (Truncated insideATime) {
                seen.addAll(Feed.decode(Form.CONSOLE.decoder(reader), List.of()));
                torn++;
            }
            int delivered = (int) reader.entries();
            seen.addAll(Feed.decodeToEnd(
                    Form.CONSOLE.decoder(reader), Feed.whole(Form.CONSOLE.write(log, reader.since(null)))));
            end(reader, seen);
            assertThat(seen.subList(Math.max(0, seen.size() - 1), seen.size())).isEqualTo(expected.subList(2, 3));
            assertThat(delivered).isLessThanOrEqualTo(3);
        }
        assertThat(torn).isEqualTo(3 * 31);
    }

    @Test
    void onlyTheEndOfTheLogIsAskedForAgain() {
        Taken out = new Taken(false, START.plusSeconds(100), "x\n");
        assertThat(since(true)).isNull();
        assertThat(new LogReader("test", MAXIMUM, true).since(START)).isEqualTo(START);
        assertThat(since(false, out)).isEqualTo(out.time);
        assertThat(since(true, out)).isEqualTo(out.time.minus(LogReader.DISORDER));
        assertThat(since(true, out, new Taken(true, START.plusSeconds(101), "x\n")))
                .isEqualTo(out.time);
        assertThat(since(true, out, new Taken(true, START.plusSeconds(200), "x\n")))
                .isEqualTo(START.plusSeconds(200).minus(LogReader.DISORDER));
        assertThat(since(true, new Taken(true, START, "goes on"), out)).isEqualTo(START);
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatComesAgainFromWhatIsNew(Form form) {
        LogReader reader = new LogReader("test", MAXIMUM, form != Form.CONSOLE);
        List<Taken> log = new ArrayList<>(
                List.of(new Taken(false, START, "one\n"), new Taken(form != Form.CONSOLE, START, "two\n")));
        Feed.decodeToEnd(form.decoder(reader), Feed.whole(form.write(log, reader.since(null))));
        assertThat(reader.newEntries()).isEqualTo(2).isEqualTo(reader.entries());
        Feed.decodeToEnd(form.decoder(reader), Feed.whole(form.write(log, reader.since(null))));
        assertThat(reader.newEntries()).isEqualTo(2).isLessThan(reader.entries());
        log.add(new Taken(false, START, "three\n"));
        Feed.decodeToEnd(form.decoder(reader), Feed.whole(form.write(log, reader.since(null))));
        assertThat(reader.newEntries()).isEqualTo(3);
    }

    private static @Nullable Instant since(boolean bothSources, Taken... taken) {
        LogReader reader = new LogReader("test", MAXIMUM, bothSources);
        Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(List.of(taken), null)));
        Instant since = reader.since(null);
        assertThat(reader.since(START.plusSeconds(1000))).isEqualTo(START.plusSeconds(1000));
        assertThat(reader.first()).isEqualTo(taken.length == 0 ? null : taken[0].time);
        return since;
    }

    @Test
    void aLogThatLostItsPlaceIsAnError() {
        LogReader reader = new LogReader("test", MAXIMUM, false);
        Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(new Taken(false, START, "x\n"))));
        reader.since(null);
        byte[] later = Form.FRAMES.write(new Taken(false, START.plusNanos(1), "y\n"));
        assertThatThrownBy(() -> Feed.decode(reader.framed(false), Feed.whole(later)))
                .isInstanceOfSatisfying(LinesLost.class, lost -> {
                    assertThat(lost.last()).isEqualTo(START);
                    assertThat(lost.next()).isEqualTo(START.plusNanos(1));
                })
                .hasMessageContaining("since(" + START.plusNanos(1) + ")");
    }

    @Test
    void aClockThatWasSetBackRepeatsNothing() {
        List<Taken> log = List.of(
                new Taken(false, START, "a\n"),
                new Taken(false, START.plusSeconds(60), "b\n"),
                new Taken(false, START.plusSeconds(30), "c\n"),
                new Taken(false, START.plusSeconds(31), "d\n"));
        LogReader reader = new LogReader("test", MAXIMUM, true);
        List<OutputLine> seen =
                Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(log.subList(0, 3), null)));
        seen.addAll(Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(log, reader.since(null)))));
        assertThat(seen).extracting(OutputLine::text).containsExactly("a", "b", "c", "d");
    }

    @Test
    void frequentTailsOfASourceThatWasQuietAreNoLoss() {
        LogReader reader = new LogReader("test", MAXIMUM, true);
        List<Taken> log = List.of(
                new Taken(true, START, "e\n"),
                new Taken(false, START.plusSeconds(60), "o\n"),
                new Taken(true, START.plusSeconds(61), "e2\n"));
        List<OutputLine> seen =
                Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(log.subList(0, 2), null)));
        seen.addAll(Feed.decode(reader.framed(false), Feed.whole(Form.FRAMES.write(log, reader.since(null)))));
        assertThat(seen).extracting(OutputLine::text).containsExactly("e", "o", "e2");
    }

    @Test
    void jsonRecordsAndTimesInFrontGiveEqualLines() {
        byte[] json = ("{\"Line\":\"err\\n\",\"Source\":\"stderr\",\"Timestamp\":\"2026-11-24T10:40:32.51327661Z\"}\n"
                        + "{\"Line\":\"��bin\\n\",\"Source\":\"stdout\",\"Timestamp\":\"2026-11-24T10:40:32.5Z\","
                        + "\"Attrs\":[{\"Key\":\"a\",\"Value\":\"b c\"},{\"Key\":\"d,=\",\"Value\":\"\"}],\"MetaData\":{\"Last\":true,\"ID\":\"x\",\"Ordinal\":2}}\n"
                        + "\u001e{\"Line\":\"tail\",\"Source\":\"stdout\",\"Timestamp\":\"2026-11-24T10:40:33Z\"}\n")
                .getBytes(UTF_8);
        byte[] bin = "2026-11-24T10:40:32.500000000Z a=b+c,d%2C%3D= xxbin\n".getBytes(UTF_8);
        bin[bin.length - 6] = (byte) 0xE2;
        bin[bin.length - 5] = (byte) 0x82;
        byte[] frames = Feed.concat(
                Feed.frame(2, "2026-11-24T10:40:32.513276610Z  err\n".getBytes(UTF_8)),
                Feed.frame(1, bin),
                Feed.frame(1, "2026-11-24T10:40:33.000000000Z  tail".getBytes(UTF_8)));
        LogReader fromJson = new LogReader("test", MAXIMUM, true);
        LogReader fromFrames = new LogReader("test", MAXIMUM, true);
        List<OutputLine> lines = end(fromJson, Feed.decodeToEnd(fromJson.json(false), Feed.byteByByte(json)));
        assertThat(lines)
                .isEqualTo(end(fromFrames, Feed.decodeToEnd(fromFrames.framed(true), Feed.byteByByte(frames))));
        assertThat(lines).extracting(OutputLine::text).containsExactly("err", "��bin", "tail");
        assertThat(lines.get(1).attributes()).isEqualTo(Map.of("a", "b c", "d,=", ""));
        LogReader terminal = new LogReader("test", MAXIMUM, true);
        assertThat(Feed.decode(terminal.json(true), Feed.whole(json)))
                .extracting(OutputLine::source)
                .containsOnly(OutputSource.CONSOLE);
    }

    @Test
    void longFramesAreOneEntry() {
        String text = "x".repeat(200_000) + "\n";
        byte[] bytes = Form.FRAMES.write(new Taken(false, START, text));
        for (int cut = 0; cut < bytes.length; cut += 9_999) {
            LogReader reader = new LogReader("test", 1 << 20, false);
            reader.since(null);
            assertThat(Feed.decode(reader.framed(false), Feed.whole(Arrays.copyOf(bytes, cut))))
                    .isEmpty();
            reader.since(null);
            assertThat(Feed.decode(reader.framed(false), Feed.cut(bytes, cut, 50_000)))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).hasSize(200_000));
        }
    }

    @Test
    void aTerminalsTextThatLooksLikeATimeIsText() {
        String time = stamp(START) + " ";
        String other = stamp(START.plusNanos(1)) + " ";
        String piece = "y".repeat(ConsoleLogDecoder.PIECE);
        String log = time + "a " + time + "b\r\n" + time + piece + other + "c\r\n" + time + piece + time.substring(0, 9)
                + "\r\n";
        for (List<ByteBuffer> reads : List.of(Feed.whole(log.getBytes(UTF_8)), Feed.byteByByte(log.getBytes(UTF_8)))) {
            LogReader reader = new LogReader("test", MAXIMUM, false);
            assertThat(Feed.decodeToEnd(reader.console(false), reads))
                    .extracting(OutputLine::text)
                    .containsExactly("a " + time + "b", piece + other + "c", piece + time.substring(0, 9));
        }
    }

    @Test
    void whatTheEngineSaysInsteadOfALineIsAnError() {
        assertThatThrownBy(() -> Feed.decode(
                        new LogReader("test", MAXIMUM, false).console(false),
                        Feed.whole("Error grabbing logs: unexpected EOF\n".getBytes(UTF_8))))
                .isInstanceOf(StreamFailed.class)
                .hasMessageContaining("unexpected EOF");
        assertThatThrownBy(() -> Feed.decode(
                        new LogReader("test", MAXIMUM, false).json(false),
                        Feed.whole("{\"Timestamp\":\"0001-01-01T00:00:00Z\",\"Error\":\"log is broken\"}"
                                .getBytes(UTF_8))))
                .isInstanceOf(StreamFailed.class)
                .hasMessageContaining("log is broken");
        assertThatThrownBy(() -> Feed.decode(
                        new LogReader("test", MAXIMUM, false).framed(false),
                        Feed.whole(Feed.frame(1, "no time here\n".getBytes(UTF_8)))))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("no time here");
        assertThatThrownBy(() -> Feed.decode(
                        new LogReader("test", MAXIMUM, false).framed(false),
                        Feed.whole(Feed.frame(1, "2026-02-30T10:40:39.000000000Z x\n".getBytes(UTF_8)))))
                .isInstanceOf(ProtocolFailure.class);
    }

    @Test
    void whatTheEngineSaysInsteadOfALineIsAnErrorWhereverItIsCut() {
        byte[] line = Form.CONSOLE.write(new Taken(false, START, "line\n"));
        byte[] bytes = Feed.concat(line, "Error grabbing logs: unexpected EOF\n".getBytes(UTF_8));

        for (int cut = 1; cut < bytes.length; cut++) {
            List<ByteBuffer> reads = Feed.cutAt(bytes, cut);
            assertThatThrownBy(() -> Feed.decode(new LogReader("test", MAXIMUM, false).console(false), reads))
                    .as("cut at %d", cut)
                    .isInstanceOf(StreamFailed.class)
                    .hasMessage("test: Error grabbing logs: unexpected EOF");
        }
        byte[] unended = Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() ->
                        Feed.decodeToEnd(new LogReader("test", MAXIMUM, false).console(false), Feed.whole(unended)))
                .isInstanceOf(StreamFailed.class)
                .hasMessage("test: Error grabbing logs: unexpected EOF");
    }

    /** The decoder is not told that the connection broke. */
    @Test
    void whatHasComeOfATerminalsLineIsThereAfterACut() {
        LogReader reader = new LogReader("test", MAXIMUM, false);
        byte[] cut = Form.CONSOLE.write(new Taken(false, START, "hello wor"));

        assertThat(Feed.decode(reader.console(false), Feed.whole(cut))).isEmpty();

        assertThat(reader.end(true)).isNotNull().satisfies(line -> {
            assertThat(line.text()).isEqualTo("hello wor");
            assertThat(line.continued()).isTrue();
        });
        assertThat(reader.end(true)).isNull();
    }

    @Test
    void whatHasComeOfATerminalsLineIsReadAgainOnTheNextConnection() {
        LogReader reader = new LogReader("test", MAXIMUM, false);
        assertThat(Feed.decode(
                        reader.console(false), Feed.whole(Form.CONSOLE.write(new Taken(false, START, "hello wor")))))
                .isEmpty();

        var unused = reader.since(null);
        assertThat(Feed.decode(
                        reader.console(false),
                        Feed.whole(Form.CONSOLE.write(new Taken(false, START, "hello world\n")))))
                .extracting(OutputLine::text)
                .containsExactly("hello world");
        assertThat(reader.end(true)).isNull();
    }
}
