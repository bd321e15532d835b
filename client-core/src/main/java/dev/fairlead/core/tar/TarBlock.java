package dev.fairlead.core.tar;

import dev.fairlead.core.error.ProtocolFailure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The block that begins an entry of a tar, and what its fields say. */
final class TarBlock {

    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int PREFIX = 345;
    private static final int MAGIC = 257;
    private static final int ALL_MODES = 07777;

    private final String operation;
    private final byte[] block;

    /** @throws ProtocolFailure if its checksum says that it is none */
    TarBlock(String operation, byte[] block) {
        this.operation = operation;
        this.block = block;
        long said = number(CHECKSUM, CHECKSUM_LENGTH);
        if (said != sum(false) && said != sum(true)) {
            throw new ProtocolFailure(operation, "this is no tar, or it is damaged: a head has a wrong checksum");
        }
    }

    /** Some old programs counted the bytes with a sign. */
    private long sum(boolean signed) {
        long sum = 0;
        for (int i = 0; i < block.length; i++) {
            byte octet = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH ? (byte) ' ' : block[i];
            sum += signed ? octet : octet & 0xFF;
        }
        return sum;
    }

    byte type() {
        return block[156];
    }

    /** Of what follows, in bytes. */
    long size() {
        long size = number(124, 12);
        if (size < 0) {
            throw new ProtocolFailure(operation, "the archive has an entry of a negative size");
        }
        return size;
    }

    TarHead head(PaxRecords records) {
        String longName = records.text("path");
        String name = longName == null ? name() : longName;
        String longLink = records.text("linkpath");
        String link = longLink == null ? text(157, 100) : longLink;
        if (type() == 'S' || records.isSparse()) {
            throw new ProtocolFailure(
                    operation,
                    "the archive has a file with holes, in a form that is GNU's own: " + name,
                    "make the archive without --sparse");
        }
        TarHead.Kind kind = kind(name);
        String longSize = records.text("size");
        long size = longSize == null ? size() : decimal(longSize).longValue();
        if (size < 0) {
            throw new ProtocolFailure(operation, "the archive has an entry of a negative size: " + name);
        }
        return new TarHead(
                name,
                kind,
                (int) (number(100, 8) & ALL_MODES),
                modified(records.text("mtime")),
                kind == TarHead.Kind.FILE ? size : 0,
                kind == TarHead.Kind.HARD_LINK || kind == TarHead.Kind.SYMBOLIC_LINK ? link : "");
    }

    private TarHead.Kind kind(String name) {
        return switch (type()) {
            // Before there was a type for directories, a slash at the end told.
            case 0, '0', '7' -> name.endsWith("/") ? TarHead.Kind.DIRECTORY : TarHead.Kind.FILE;
            case '1' -> TarHead.Kind.HARD_LINK;
            case '2' -> TarHead.Kind.SYMBOLIC_LINK;
            case '3', '4', '6' -> TarHead.Kind.SPECIAL;
            case '5' -> TarHead.Kind.DIRECTORY;
            default ->
                throw new ProtocolFailure(
                        operation,
                        "the archive has an entry of the unknown type '" + (char) (type() & 0xFF) + "': " + name);
        };
    }

    private String name() {
        String name = text(0, 100);
        // GNU's own form uses that place for times.
        boolean posix = new String(block, MAGIC, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
        String prefix = posix ? text(PREFIX, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private Instant modified(@Nullable String exact) {
        try {
            if (exact == null) {
                return Instant.ofEpochSecond(number(136, 12));
            }
            BigDecimal seconds = decimal(exact);
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            return Instant.ofEpochSecond(
                    whole.longValueExact(),
                    seconds.subtract(whole).movePointRight(9).longValue());
        } catch (DateTimeException | ArithmeticException beyond) {
            throw new ProtocolFailure(operation, "the archive has a time that is none", beyond);
        }
    }

    private BigDecimal decimal(String number) {
        try {
            // No exponent: it could make a small text a number of a million digits.
            if (number.length() > 40 || number.indexOf('e') >= 0 || number.indexOf('E') >= 0) {
                throw new NumberFormatException();
            }
            return new BigDecimal(number);
        } catch (NumberFormatException malformed) {
            throw new ProtocolFailure(operation, "the archive has a number that is none", malformed);
        }
    }

    private String text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return PaxRecords.text(operation, block, at, end - at);
    }

    /** Octal digits, or, where they would not be enough, the number itself behind a first bit that is set. */
    private long number(int at, int length) {
        if (block[at] < 0) {
            return binary(Arrays.copyOfRange(block, at, at + length));
        }
        long value = 0;
        for (int i = at; i < at + length; i++) {
            byte digit = block[i];
            if (digit >= '0' && digit <= '7') {
                value = value * 8 + digit - '0';
            } else if (digit != ' ' && digit != 0) {
                throw new ProtocolFailure(operation, "this is no tar, or it is damaged: a number has no digits");
            }
        }
        return value;
    }

    private long binary(byte[] bytes) {
        boolean negative = (bytes[0] & 0x40) != 0;
        bytes[0] = (byte) (negative ? bytes[0] : bytes[0] & 0x7F);
        try {
            return new java.math.BigInteger(bytes).longValueExact();
        } catch (ArithmeticException beyond) {
            throw new ProtocolFailure(operation, "the archive has a number that is too large", beyond);
        }
    }
}
