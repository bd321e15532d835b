package dev.fairlead.model;

/** Where a process wrote something. */
public enum OutputSource {
    /** Its standard output. */
    STDOUT,
    /** Its standard error. */
    STDERR,
    /** Its terminal, where standard output and standard error are one. */
    CONSOLE
}
