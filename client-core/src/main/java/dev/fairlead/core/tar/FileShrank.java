package dev.fairlead.core.tar;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file became shorter while it was read, so that the tar can't hold what it has promised. The tar is broken off: what was to be made
 * from it is not made. {@link #getFile()} names the file.
 */
public final class FileShrank extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /** How long it was. */
    private final long expected;

    /** How much of it there was. */
    private final long found;

    FileShrank(Path file, long expected, long found) {
        super(
                file.toString(),
                null,
                "it had " + expected + " bytes and ended after " + found + ": did something write to it meanwhile?");
        this.expected = expected;
        this.found = found;
    }

    /** How many bytes it had when it was opened. */
    public long expected() {
        return expected;
    }

    /** How many bytes of it there were. */
    public long found() {
        return found;
    }
}
