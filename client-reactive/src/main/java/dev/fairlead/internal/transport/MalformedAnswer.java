package dev.fairlead.internal.transport;

/** What was read is not the HTTP/1.1 that an Engine speaks. */
final class MalformedAnswer extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedAnswer(String problem) {
        super(problem);
    }
}
