package dev.fairlead.internal.transport;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.util.Set;

/** Tells a network that is gone from another side that is. */
final class LostNetwork {

    /** By which the JDK's own sockets tell it. */
    private static final Set<String> SENTENCES = Set.of(
            "Connection timed out",
            "Operation timed out",
            "No route to host",
            "Network is unreachable",
            "Host is down");

    private LostNetwork() {}

    /**
     * Whether that is why a connection broke. A reset or a broken pipe is what a program leaves that ends before it has read all of its
     * input; nothing that the other side does looks like a lost network.
     */
    static boolean isBehind(Throwable cause) {
        if (cause instanceof Errors.NativeIoException told) {
            int number = told.expectedErr();
            return number != Errors.ERRNO_ECONNRESET_NEGATIVE && number != Errors.ERRNO_EPIPE_NEGATIVE;
        }
        String sentence = cause.getMessage();
        return cause instanceof IOException && sentence != null && SENTENCES.contains(sentence);
    }
}
