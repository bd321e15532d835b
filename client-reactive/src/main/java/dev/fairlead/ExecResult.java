package dev.fairlead;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a program ended and what it wrote.
 *
 * <p>With a terminal, both of its outputs are in {@link #stdout()}. Where the output was {@linkplain ExecRunOptions.Builder#output
 * taken as it came}, there is none here.
 */
public final class ExecResult {

    private final long exitCode;
    private final byte[] stdout;
    private final byte[] stderr;
    private final boolean truncated;

    ExecResult(long exitCode, byte[] stdout, byte[] stderr, boolean truncated) {
        this.exitCode = exitCode;
        this.stdout = stdout;
        this.stderr = stderr;
        this.truncated = truncated;
    }

    /** Its exit code; 126 or 127 when it could not be run, and then its output says why. */
    public long exitCode() {
        return exitCode;
    }

    /** What it wrote to its standard output; read-only. */
    public ByteBuffer stdout() {
        return ByteBuffer.wrap(stdout).asReadOnlyBuffer();
    }

    /** What it wrote to its standard error; read-only. */
    public ByteBuffer stderr() {
        return ByteBuffer.wrap(stderr).asReadOnlyBuffer();
    }

    /** Its standard output as UTF-8. */
    public String stdoutText() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** Its standard error as UTF-8. */
    public String stderrText() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    /** Whether it wrote more than was kept. */
    public boolean truncated() {
        return truncated;
    }

    @Override
    public String toString() {
        return "ExecResult[exitCode=" + exitCode + ", stdout=" + stdout.length + " bytes, stderr=" + stderr.length
                + " bytes" + (truncated ? ", truncated" : "") + "]";
    }
}
