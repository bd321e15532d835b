package dev.fairlead;

/**
 * What was made on this machine of a tar.
 *
 * @param entries how many files, links and directories
 * @param bytes how many bytes the files hold together
 * @param leftOut how many devices and pipes of the tar were not made: they take a system's own means
 */
public record Unpacked(long entries, long bytes, long leftOut) {}
