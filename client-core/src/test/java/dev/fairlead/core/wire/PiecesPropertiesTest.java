package dev.fairlead.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.OutputFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The decoders that hand bytes on in pieces: nothing is added, lost or moved, however the reads fall. */
class PiecesPropertiesTest {

    private static final class Told implements WebSocketDecoder.Control {
        final List<byte[]> pings = new ArrayList<>();
        int closes;

        @Override
        public void ping(byte[] payload) {
            pings.add(payload);
        }

        @Override
        public void close() {
            closes++;
        }
    }

    @Property(tries = 300)
    void aTerminalsBytesComeBack(
            @ForAll byte[] bytes, @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int longest) {
        List<OutputFrame> pieces = Feed.decodeToEnd(new ConsoleDecoder(), Feed.cut(bytes, seed, longest));

        assertThat(joined(pieces.stream().map(OutputFrame::bytes).toList())).isEqualTo(bytes);
    }

    @Property(tries = 300)
    void aTarsBytesComeBack(
            @ForAll byte[] content, @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int longest) {
        byte[] tar = Feed.concat(content, new byte[1024]);

        assertThat(joined(Feed.decodeToEnd(new TarDecoder("test"), Feed.cut(tar, seed, longest))))
                .isEqualTo(tar);
    }

    @Property(tries = 300)
    void theContentOfMessagesComesBackAndPingsAreTold(
            @ForAll @Size(max = 10) List<@Size(max = 125) byte[]> messages,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int longest) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            stream.writeBytes(Feed.concat(new byte[] {(byte) 0x82, (byte) message.length}, message));
            stream.writeBytes(Feed.concat(new byte[] {(byte) 0x89, (byte) message.length}, message));
        }
        stream.writeBytes(new byte[] {(byte) 0x88, 0});
        Told told = new Told();

        List<OutputFrame> pieces = Feed.decodeToEnd(
                new WebSocketDecoder<>("test", new ConsoleDecoder(), told),
                Feed.cut(stream.toByteArray(), seed, longest));

        assertThat(joined(pieces.stream().map(OutputFrame::bytes).toList()))
                .isEqualTo(Feed.concat(messages.toArray(byte[][]::new)));
        assertThat(told.pings).containsExactlyElementsOf(messages);
        assertThat(told.closes).isEqualTo(1);
    }

    private static byte[] joined(List<ByteBuffer> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces) {
            byte[] part = new byte[piece.remaining()];
            piece.get(part);
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
