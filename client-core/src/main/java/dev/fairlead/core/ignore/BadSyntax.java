package dev.fairlead.core.ignore;

/** What is wrong with a pattern, before it is known where it stands. */
final class BadSyntax extends Exception {
    private static final long serialVersionUID = 1L;

    BadSyntax(String reason) {
        super(reason, null, false, false);
    }
}
