package dev.fairlead.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A piece of what a process wrote, and where it wrote it. A piece ends where the Engine happened to cut it: it may
 * hold half a line, several lines, or part of a UTF-8 character. Frames are immutable, keep no buffer of the
 * connection alive, and are equal when their kind and their bytes are.
 */
public sealed interface OutputFrame {
    /**
     * The bytes, as a view of this frame's own memory: read-only, and a new one at each call, so that reading one
     * moves no other.
     *
     * @return the view, from position 0 to {@link #size()}
     */
    ByteBuffer bytes();

    /**
     * How many bytes there are.
     *
     * @return the number of bytes; the Engine sends no empty frames, a caller may make one
     */
    int size();

    /**
     * The bytes read as UTF-8. What is malformed, a character cut at the frame's edge included, comes as U+FFFD.
     *
     * @return the text
     */
    String text();

    /**
     * A frame of standard output.
     *
     * @param bytes the content, which is not copied: the caller gives it away and writes to it no more
     * @return the frame
     */
    static Stdout stdout(byte[] bytes) {
        return new Stdout(bytes);
    }

    /**
     * A frame of standard error.
     *
     * @param bytes the content, which is not copied: the caller gives it away and writes to it no more
     * @return the frame
     */
    static Stderr stderr(byte[] bytes) {
        return new Stderr(bytes);
    }

    /**
     * A frame of a terminal.
     *
     * @param bytes the content, which is not copied: the caller gives it away and writes to it no more
     * @return the frame
     */
    static Console console(byte[] bytes) {
        return new Console(bytes);
    }

    // Classes and not records: a record would hand out its array, or cost a ByteBuffer for each frame of a log.

    /** What the process wrote to its standard output. */
    final class Stdout implements OutputFrame {
        private final byte[] content;

        private Stdout(byte[] content) {
            this.content = content;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(content).asReadOnlyBuffer();
        }

        @Override
        public int size() {
            return content.length;
        }

        @Override
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Stdout that && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return 31 + Arrays.hashCode(content);
        }

        /** The kind and the size; the content may be large or secret. */
        @Override
        public String toString() {
            return "Stdout[" + content.length + " bytes]";
        }
    }

    /** What the process wrote to its standard error. */
    final class Stderr implements OutputFrame {
        private final byte[] content;

        private Stderr(byte[] content) {
            this.content = content;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(content).asReadOnlyBuffer();
        }

        @Override
        public int size() {
            return content.length;
        }

        @Override
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Stderr that && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return 62 + Arrays.hashCode(content);
        }

        /** The kind and the size; the content may be large or secret. */
        @Override
        public String toString() {
            return "Stderr[" + content.length + " bytes]";
        }
    }

    /** What came out of the process's terminal, where standard output and standard error are one. */
    final class Console implements OutputFrame {
        private final byte[] content;

        private Console(byte[] content) {
            this.content = content;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(content).asReadOnlyBuffer();
        }

        @Override
        public int size() {
            return content.length;
        }

        @Override
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Console that && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return 93 + Arrays.hashCode(content);
        }

        /** The kind and the size; the content may be large or secret. */
        @Override
        public String toString() {
            return "Console[" + content.length + " bytes]";
        }
    }
}
