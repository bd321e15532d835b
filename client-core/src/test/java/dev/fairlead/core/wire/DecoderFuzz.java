package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds all decoders with noise, with streams that are right, and with such that were right before a few bytes were changed: nothing
 * but their own errors may come of it, and the same however the bytes are cut into reads.
 *
 * <p>A program too, for as many inputs as one likes: {@code java … DecoderFuzz 10000000}.
 */
final class DecoderFuzz {

    private static final int LONGEST = 400;
    private static final int LARGEST = 4096;

    /** Where reads lie; with room before it, so that an array's offset matters. */
    private static final ThreadLocal<ByteBuffer> HEAP = ThreadLocal.withInitial(
            () -> ByteBuffer.allocate(LARGEST + 3).position(3).slice());

    private static final ThreadLocal<ByteBuffer> DIRECT =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(LARGEST));

    /** More values than bytes would never end. */
    private static final int MOST_VALUES = 4 * LONGEST;

    /**
     * A decoder to try.
     *
     * @param decoder makes one at the start of a stream
     * @param stream writes a part of a stream that is right
     * @param joined makes a text of the values; for those that may be cut anywhere, of what they hold together
     */
    record Subject(
            String name,
            Supplier<Decoder<?>> decoder,
            BiConsumer<ByteArrayOutputStream, Random> stream,
            Function<List<?>, String> joined) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All there are; what is added here is tried. */
    static final List<Subject> SUBJECTS = List.of(
            new Subject("frames", () -> new FrameDecoder("fuzz"), DecoderFuzz::frame, DecoderFuzz::content),
            new Subject("console", ConsoleDecoder::new, DecoderFuzz::noise, DecoderFuzz::content),
            new Subject("json", DecoderFuzz::json, DecoderFuzz::json, List::toString),
            new Subject("tar", () -> new TarDecoder("fuzz"), DecoderFuzz::block, DecoderFuzz::content),
            new Subject("websocket", DecoderFuzz::webSocket, DecoderFuzz::message, DecoderFuzz::content),
            new Subject(
                    "frames in websocket", DecoderFuzz::framesInWebSocket, DecoderFuzz::message, DecoderFuzz::content),
            new Subject("lines", LinesOfFrames::new, DecoderFuzz::frame, List::toString));

    private DecoderFuzz() {}

    public static void main(String[] arguments) {
        long inputs = Long.parseLong(arguments[0]);
        long start = System.nanoTime();
        for (Subject subject : SUBJECTS) {
            Counts counts = run(subject, inputs / SUBJECTS.size(), 1);
            System.out.println(subject.name() + ": " + counts);
        }
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "%d s, heap of at most %d MiB%n",
                (System.nanoTime() - start) / 1_000_000_000, runtime.maxMemory() >> 20);
    }

    /** What became of the inputs. */
    static final class Counts {
        long inputs;
        long bytes;
        long whole;
        long refused;

        @Override
        public String toString() {
            return inputs + " inputs of " + bytes + " bytes, " + whole + " right to their end, " + refused + " refused";
        }
    }

    /**
     * Tries so many inputs.
     *
     * @throws AssertionError that names the input, which has the same seed each time
     */
    static Counts run(Subject subject, long inputs, long firstSeed) {
        Counts counts = new Counts();
        for (long seed = firstSeed; seed < firstSeed + inputs; seed++) {
            Random random = new Random(seed);
            byte[] input = input(subject, random);
            String atOnce = outcome(subject, input, random, input.length, seed);
            String cut = outcome(subject, input, random, 1 + random.nextInt(60), seed);
            if (!atOnce.equals(cut)) {
                throw new AssertionError("%s, seed %d: cut into reads %s gives%n%s%nand not%n%s"
                        .formatted(subject.name(), seed, Arrays.toString(input), cut, atOnce));
            }
            counts.inputs++;
            counts.bytes += input.length;
            if (atOnce.endsWith("end")) {
                counts.whole++;
            } else {
                counts.refused++;
            }
        }
        return counts;
    }

    /** A third each: noise, right, and nearly right. */
    private static byte[] input(Subject subject, Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int kind = random.nextInt(3);
        int parts = 1 + random.nextInt(6);
        for (int part = 0; part < parts && bytes.size() < LONGEST; part++) {
            if (kind == 0) {
                noise(bytes, random);
            } else {
                subject.stream().accept(bytes, random);
            }
        }
        byte[] input = bytes.toByteArray();
        if (kind == 2) {
            for (int change = 0; change <= random.nextInt(3) && input.length > 0; change++) {
                switch (random.nextInt(3)) {
                    case 0 -> input[random.nextInt(input.length)] = (byte) random.nextInt();
                    case 1 -> input[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
                    default -> input = Arrays.copyOf(input, random.nextInt(input.length));
                }
            }
        }
        return input;
    }

    /** The values, and how it ended: by itself or by which error. What an error says may tell of what was read along. */
    private static String outcome(Subject subject, byte[] input, Random random, int longest, long seed) {
        Decoder<?> decoder = subject.decoder().get();
        List<Object> values = new ArrayList<>();
        String end = "end";
        try {
            for (int at = 0; at < input.length; ) {
                int length =
                        longest == input.length ? longest : Math.min(random.nextInt(longest + 1), input.length - at);
                ByteBuffer read = random.nextBoolean() ? DIRECT.get() : HEAP.get();
                add(decoder, read.clear().put(input, at, length).flip(), values);
                at += length;
            }
            for (Object last = decoder.end(); last != null; last = decoder.end()) {
                add(last, values);
            }
        } catch (DockerException refused) {
            end = refused.getClass().getSimpleName();
        } catch (RuntimeException wrong) {
            throw new AssertionError(subject.name() + ", seed " + seed + ": no error of ours", wrong);
        }
        return subject.joined().apply(values) + " " + end;
    }

    private static void add(Decoder<?> decoder, ByteBuffer read, List<Object> values) {
        for (Object value = decoder.next(read); value != null; value = decoder.next(read)) {
            add(value, values);
        }
        if (read.hasRemaining()) {
            throw new AssertionError("null was returned with " + read.remaining() + " bytes left");
        }
        // A decoder that keeps the memory of a read shows it now.
        for (int at = 0; at < read.limit(); at++) {
            read.put(at, (byte) 0x5A);
        }
    }

    private static void add(Object value, List<Object> values) {
        values.add(value);
        if (values.size() > MOST_VALUES) {
            throw new AssertionError("values without end");
        }
    }

    /** The bytes of pieces, with a mark where the output changes: which pieces they came in is not told. */
    private static String content(List<?> values) {
        StringBuilder all = new StringBuilder();
        Class<?> last = Object.class;
        for (Object value : values) {
            if (value.getClass() != last && value instanceof OutputFrame) {
                last = value.getClass();
                all.append('<').append(last.getSimpleName()).append('>');
            }
            ByteBuffer bytes = value instanceof OutputFrame frame ? frame.bytes() : (ByteBuffer) value;
            while (bytes.hasRemaining()) {
                all.append((char) (bytes.get() & 0xFF));
            }
        }
        return all.toString();
    }

    private static Decoder<?> json() {
        return new JsonSequenceDecoder<>("fuzz", Json.readerFor(Object.class), 2 * LONGEST);
    }

    private static Decoder<?> webSocket() {
        return new WebSocketDecoder<>("fuzz", new ConsoleDecoder(), new Unmoved());
    }

    private static Decoder<?> framesInWebSocket() {
        return new WebSocketDecoder<>("fuzz", new FrameDecoder("fuzz"), new Unmoved());
    }

    private static final class Unmoved implements WebSocketDecoder.Control {
        @Override
        public void ping(byte[] payload) {}

        @Override
        public void close() {}
    }

    /** Lines as a subscriber gets them: of frames, which come cut. */
    private static final class LinesOfFrames implements Decoder<String> {

        private static final int LONGEST_LINE = 20;

        private final FrameDecoder frames = new FrameDecoder("fuzz");
        private final FrameLines lines = new FrameLines(LONGEST_LINE, false);

        @Override
        public @Nullable String next(ByteBuffer input) {
            OutputLine line = lines.next();
            while (line == null) {
                OutputFrame frame = frames.next(input);
                if (frame == null) {
                    return null;
                }
                lines.accept(frame);
                line = lines.next();
            }
            return line.toString();
        }

        @Override
        public @Nullable String end() {
            frames.end();
            StringBuilder rest = new StringBuilder();
            for (OutputLine line = lines.end(false); line != null; line = lines.end(false)) {
                rest.append(line);
            }
            return rest.isEmpty() ? null : rest.toString();
        }
    }

    private static void noise(ByteArrayOutputStream to, Random random) {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        to.writeBytes(noise);
    }

    private static byte[] letters(Random random, int most) {
        byte[] letters = new byte[random.nextInt(most)];
        for (int at = 0; at < letters.length; at++) {
            letters[at] = (byte) ('a' + random.nextInt(26));
        }
        return letters;
    }

    private static void frame(ByteArrayOutputStream to, Random random) {
        to.writeBytes(Feed.frame(random.nextInt(16) == 0 ? 3 : random.nextInt(3), letters(random, 80)));
    }

    private static void json(ByteArrayOutputStream to, Random random) {
        String text = new String(letters(random, 20), UTF_8);
        String[] values = {
            "{\"a\":\"" + text + "\"}",
            "[1,[\"\\\"" + text + "\\\\\"],{}]",
            "\"" + text + "\\u00e9\"",
            "-1.5e3",
            "null",
            "true",
            "{\"" + text + "\":{\"b\":[{}]}}"
        };
        String[] separators = {"\r\n", "\n", " ", "\u001e", ""};
        to.writeBytes((values[random.nextInt(values.length)] + separators[random.nextInt(separators.length)])
                .getBytes(UTF_8));
    }

    private static void block(ByteArrayOutputStream to, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> to.writeBytes(new byte[1024]);
            case 1 -> to.writeBytes("{\"message\":\"no space\"}".getBytes(UTF_8));
            default -> to.writeBytes(letters(random, 100));
        }
    }

    private static void message(ByteArrayOutputStream to, Random random) {
        int kind = random.nextInt(12);
        byte[] payload = kind < 8 ? Feed.frame(random.nextInt(3), letters(random, 50)) : letters(random, 60);
        int opcode = kind < 9 ? random.nextInt(3) : kind - 1; // Of messages, or that of a close, a ping, a pong.
        if (opcode == 8) {
            payload = new byte[] {3, (byte) 0xE8};
        }
        to.write(0x80 | opcode);
        to.write(payload.length);
        to.writeBytes(payload);
    }
}
