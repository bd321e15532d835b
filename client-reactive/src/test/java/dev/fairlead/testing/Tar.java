package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small tars of the old form, for tests: names of up to 99 bytes, files and directories. */
public final class Tar {

    private static final int BLOCK = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a file that everybody may read and run. */
    public Tar file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file that everybody may read and run. */
    public Tar file(String name, byte[] content) {
        header(name, '0', content.length);
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    public Tar directory(String name) {
        header(name + "/", '5', 0);
        return this;
    }

    /** All that was added, for something that is to follow it. */
    byte[] withoutEnd() {
        return bytes.toByteArray();
    }

    /** The whole, with the two blocks that end it. */
    public ByteBuffer end() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes.toByteArray());
        all.writeBytes(new byte[2 * BLOCK]);
        return ByteBuffer.wrap(all.toByteArray());
    }

    /** What comes before the content of a file of that name and length, of up to 8 GiB. */
    static byte[] fileHeader(String name, long size) {
        return headerOf(name, '0', size);
    }

    private void header(String name, char type, int size) {
        bytes.writeBytes(headerOf(name, type, size));
    }

    private static byte[] headerOf(String name, char type, long size) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000755");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(size));
        put(header, 136, "%011o".formatted(1_600_000_000));
        put(header, 148, "        ");
        header[156] = (byte) type;
        int sum = 0;
        for (byte octet : header) {
            sum += octet & 0xFF;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** Name and content of all entries, as far as plain headers name them; directories are empty. */
    public static Map<String, String> read(List<ByteBuffer> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece : new ArrayList<>(pieces)) {
            byte[] copy = new byte[piece.remaining()];
            piece.duplicate().get(copy);
            all.writeBytes(copy);
        }
        byte[] tar = all.toByteArray();
        Map<String, String> entries = new LinkedHashMap<>();
        int at = 0;
        while (at + BLOCK <= tar.length && tar[at] != 0) {
            int size = Integer.parseInt(text(tar, at + 124, 11).strip(), 8);
            entries.put(text(tar, at, 100), text(tar, at + BLOCK, size));
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return entries;
    }

    private static String text(byte[] tar, int at, int length) {
        String text = new String(tar, at, length, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
