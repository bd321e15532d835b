package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tars of a few small files, by the bytes and with nothing of the client's. */
public final class Tar {

    private static final int BLOCK = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a folder. */
    public Tar folder(String name) {
        header(name + "/", 0755, 0, '5');
        return this;
    }

    /** Adds a file that everybody may read and run. */
    public Tar file(String name, byte[] content) {
        header(name, 0755, content.length, '0');
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    /** The tar, with its end. */
    public byte[] toBytes() {
        byte[] written = bytes.toByteArray();
        return Arrays.copyOf(written, written.length + 2 * BLOCK);
    }

    private void header(String name, int mode, int size, char type) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "%07o".formatted(mode));
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(size));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte octet : header) {
            sum += octet & 0xFF;
        }
        put(header, 148, "%06o".formatted(sum));
        header[154] = 0;
        bytes.writeBytes(header);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }
}
