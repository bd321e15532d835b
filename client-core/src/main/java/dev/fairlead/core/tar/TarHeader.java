package dev.fairlead.core.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of an entry: a block of the POSIX format (ustar), and before it, where a value does not fit into that, one more entry with
 * what it lacks (pax). The same entry always gives the same bytes.
 */
final class TarHeader {

    static final int BLOCK = 512;

    private static final int NAME_LENGTH = 100;
    /** Seven octal digits. */
    private static final long LARGEST_OWNER = (1L << 21) - 1;
    /** Eleven octal digits: 8 GiB, or the year 2242. */
    private static final long LARGEST = (1L << 33) - 1;

    private final byte[] block = new byte[BLOCK];
    private final ByteArrayOutputStream pax = new ByteArrayOutputStream();

    private TarHeader() {}

    /** All blocks of it. */
    static byte[] of(TarEntry entry) {
        TarHeader header = new TarHeader();
        header.write(entry);
        return header.blocks();
    }

    /** How many zeros follow a content of that size. */
    static int padding(long size) {
        return (int) (-size & (BLOCK - 1));
    }

    private void write(TarEntry entry) {
        TarAttributes attributes = entry.attributes();
        byte[] name = entry.name();
        if (entry.type() == TarEntry.Type.DIRECTORY) {
            name = Arrays.copyOf(name, name.length + 1);
            name[name.length - 1] = '/';
        }
        text(0, NAME_LENGTH, "path", name);
        number(100, 8, null, attributes.mode(), LARGEST_OWNER);
        number(108, 8, "uid", attributes.uid(), LARGEST_OWNER);
        number(116, 8, "gid", attributes.gid(), LARGEST_OWNER);
        number(124, 12, "size", entry.size(), LARGEST);
        number(136, 12, "mtime", attributes.modified().getEpochSecond(), LARGEST);
        block[156] = entry.type().flag;
        text(157, NAME_LENGTH, "linkpath", entry.link());
        number(329, 8, null, entry.device().major(), LARGEST_OWNER);
        number(337, 8, null, entry.device().minor(), LARGEST_OWNER);
        seal(block);
    }

    private static void seal(byte[] block) {
        put(block, 257, "ustar\00000");
        put(block, 148, "        ");
        int sum = 0;
        for (byte octet : block) {
            sum += octet & 0xFF;
        }
        put(block, 148, "%06o\0 ".formatted(sum));
    }

    private void text(int at, int length, String paxName, byte[] value) {
        if (value.length > length || !isAscii(value)) {
            record(paxName, value);
        }
        System.arraycopy(value, 0, block, at, Math.min(value.length, length));
    }

    private static boolean isAscii(byte[] text) {
        for (byte octet : text) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    private void number(int at, int length, @Nullable String paxName, long value, long largest) {
        boolean fits = value >= 0 && value <= largest;
        if (!fits && paxName != null) {
            record(paxName, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
        put(block, at, ("%0" + (length - 1) + "o").formatted(fits ? value : 0));
    }

    /** Adds {@code length name=value} and a line's end; the length counts its own digits. */
    private void record(String name, byte[] value) {
        int rest = 1 + name.length() + 1 + value.length + 1;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
        }
        pax.writeBytes((length + " " + name + "=").getBytes(StandardCharsets.US_ASCII));
        pax.writeBytes(value);
        pax.write('\n');
    }

    private byte[] blocks() {
        if (pax.size() == 0) {
            return block;
        }
        byte[] head = new byte[BLOCK];
        put(head, 0, "PaxHeaders/entry");
        put(head, 100, "0000644\0" + "0000000\0" + "0000000\0" + "%011o\0".formatted(pax.size()) + "00000000000\0");
        head[156] = 'x';
        seal(head);
        byte[] all = new byte[BLOCK + pax.size() + padding(pax.size()) + BLOCK];
        System.arraycopy(head, 0, all, 0, BLOCK);
        System.arraycopy(pax.toByteArray(), 0, all, BLOCK, pax.size());
        System.arraycopy(block, 0, all, all.length - BLOCK, BLOCK);
        return all;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
