package dev.fairlead.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class TarDecoderTest {
    /** Decodes in two reads, cut there; how many bytes came out. */
    private static int decode(byte[] tar, int cut) {
        TarDecoder decoder = new TarDecoder("GET /x");
        int length = 0;
        for (byte[] read : new byte[][] {Arrays.copyOf(tar, cut), Arrays.copyOfRange(tar, cut, tar.length)}) {
            ByteBuffer input = ByteBuffer.wrap(read);
            for (ByteBuffer piece = decoder.next(input); piece != null; piece = decoder.next(input)) {
                length += piece.remaining();
            }
        }
        assertThat(decoder.end()).isNull();
        return length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void aWholeTarEndsWellWhereverItIsCut() {
        byte[] tar = bytes("x".repeat(512) + "\0".repeat(1024));
        for (int cut = 0; cut <= tar.length; cut++) {
            assertThat(decode(tar, cut)).isEqualTo(tar.length);
        }
    }

    @Test
    void aTarWithoutItsEndIsTruncated() {
        for (String text : new String[] {"", "x", "x".repeat(512) + "\0".repeat(1023), "{}", "{\"a\":1}", "a}"}) {
            assertThatExceptionOfType(Truncated.class).isThrownBy(() -> decode(bytes(text), 0));
        }
    }

    @Test
    void theErrorBehindATarIsToldWhereverItIsCut() {
        byte[] tar =
                bytes("x{y".repeat(100) + "{\"errorDetail\":{\"message\":\"broken {disk}\"},\"error\":\"broken\"}\r\n");
        for (int cut = 0; cut <= tar.length; cut++) {
            int at = cut;
            assertThatExceptionOfType(StreamFailed.class)
                    .isThrownBy(() -> decode(tar, at))
                    .withMessageContaining("broken {disk}");
        }
        byte[] plain = bytes("\0".repeat(10_000) + "{\"message\":\"no space\"}\n");
        assertThatExceptionOfType(StreamFailed.class)
                .isThrownBy(() -> decode(plain, 9_000))
                .withMessageContaining("no space");
    }

    /** A file of zeros, as databases and disk images have them. */
    @Test
    void zerosOfAFileAreNotTheEnd() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
            TarArchiveEntry zeros = new TarArchiveEntry("zeros");
            zeros.setSize(10_000);
            tar.putArchiveEntry(zeros);
            tar.write(new byte[10_000]);
            tar.closeArchiveEntry();
        }
        byte[] tar = packed.toByteArray();

        assertThat(decode(tar, 5_000)).isEqualTo(tar.length);
        for (int length : new int[] {512 + 1024, 512 + 4096, 512 + 9_999, 512 + 10_239}) {
            assertThatExceptionOfType(Truncated.class).isThrownBy(() -> decode(Arrays.copyOf(tar, length), 1_000));
        }
    }
}
