package dev.fairlead.core.tar;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads a tar as it comes, cut anywhere: the POSIX format with its extensions (pax), and what GNU's tar makes of long names and large
 * numbers. Holds one head at most, and no content.
 */
final class TarReader {

    private static final int BLOCK = 512;

    /** Far more than the longest path of any system, and all that pax may add to it. */
    private static final int LONGEST_EXTENSION = 1024 * 1024;

    private enum State {
        HEAD,
        CONTENT,
        EXTENSION,
        PADDING,
        END
    }

    private final String operation;
    private final byte[] block = new byte[BLOCK];
    private final PaxRecords shared;
    private PaxRecords own;
    private State state = State.HEAD;
    private int filled;
    private long remaining;
    private int padding;
    private byte extensionType;
    private byte[] extension = {};
    private boolean sawZeros;

    TarReader(String operation) {
        this.operation = operation;
        this.shared = new PaxRecords(operation);
        this.own = new PaxRecords(operation);
    }

    /** Takes all of the input. */
    void read(ByteBuffer input, TarVisitor visitor) throws IOException {
        while (input.hasRemaining()) {
            switch (state) {
                case HEAD -> head(input, visitor);
                case CONTENT -> content(input, visitor);
                case EXTENSION -> extension(input);
                case PADDING -> padding(input);
                // What follows the end means nothing: tars are filled up to whole records.
                case END -> input.position(input.limit());
            }
        }
    }

    /**
     * Nothing more will come.
     *
     * @throws Truncated if that is too early
     */
    void end() {
        // One block of zeros is taken for an end, as all tars do; none, or a part of anything, is a cut.
        if (isWithinEntry() || !sawZeros) {
            throw new Truncated(operation, "the archive stopped before its end");
        }
    }

    /** Whether something has begun that has not ended. */
    boolean isWithinEntry() {
        return state != State.END && (state != State.HEAD || filled > 0);
    }

    private void head(ByteBuffer input, TarVisitor visitor) throws IOException {
        int taken = Math.min(input.remaining(), BLOCK - filled);
        input.get(block, filled, taken);
        filled += taken;
        if (filled < BLOCK) {
            return;
        }
        filled = 0;
        if (isZero(block)) {
            state = sawZeros ? State.END : State.HEAD;
            sawZeros = true;
            return;
        }
        sawZeros = false;
        TarBlock fields = new TarBlock(operation, block);
        byte type = fields.type();
        switch (type) {
            case 'x', 'g', 'L', 'K' -> startExtension(type, fields.size());
            default -> startEntry(fields, visitor);
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte octet : bytes) {
            if (octet != 0) {
                return false;
            }
        }
        return true;
    }

    private void startExtension(byte type, long size) {
        if (size > LONGEST_EXTENSION) {
            throw new ProtocolFailure(operation, "the archive has a head of " + size + " bytes");
        }
        extensionType = type;
        extension = new byte[(int) size];
        padding = paddingOf(size);
        state = size > 0 ? State.EXTENSION : State.PADDING;
        nextIfNoPadding();
    }

    private void extension(ByteBuffer input) {
        int taken = Math.min(input.remaining(), extension.length - filled);
        input.get(extension, filled, taken);
        filled += taken;
        if (filled < extension.length) {
            return;
        }
        filled = 0;
        switch (extensionType) {
            case 'g' -> shared.addAll(extension);
            case 'x' -> own.addAll(extension);
            case 'L' -> own.put("path", upToZero(extension));
            default -> own.put("linkpath", upToZero(extension));
        }
        extension = new byte[0];
        state = State.PADDING;
        nextIfNoPadding();
    }

    private static byte[] upToZero(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return Arrays.copyOf(text, end);
    }

    private void startEntry(TarBlock fields, TarVisitor visitor) throws IOException {
        PaxRecords records = own.over(shared);
        own = new PaxRecords(operation);
        TarHead head = fields.head(records);
        remaining = head.size();
        padding = paddingOf(remaining);
        visitor.entry(head);
        state = State.CONTENT;
        endIfNothingLeft(visitor);
    }

    private void content(ByteBuffer input, TarVisitor visitor) throws IOException {
        int length = (int) Math.min(input.remaining(), remaining);
        ByteBuffer piece = input.slice(input.position(), length);
        visitor.content(piece);
        input.position(input.position() + length);
        remaining -= length;
        endIfNothingLeft(visitor);
    }

    private void endIfNothingLeft(TarVisitor visitor) throws IOException {
        if (remaining == 0) {
            visitor.endOfEntry();
            state = State.PADDING;
            nextIfNoPadding();
        }
    }

    private void padding(ByteBuffer input) {
        int taken = Math.min(input.remaining(), padding);
        input.position(input.position() + taken);
        padding -= taken;
        nextIfNoPadding();
    }

    private void nextIfNoPadding() {
        if (state == State.PADDING && padding == 0) {
            state = State.HEAD;
        }
    }

    private static int paddingOf(long size) {
        return (int) (-size & (BLOCK - 1));
    }
}
