package dev.fairlead.benchmarks;

import java.nio.file.Path;

/** A program that gets one answer and waits to be ended. */
final class ColdStart {

    private ColdStart() {}

    /** The kind of client and the socket. */
    public static void main(String[] arguments) throws Exception {
        try (Client client = ClientKind.valueOf(arguments[0]).create(Path.of(arguments[1]))) {
            client.inspects(1, 1, null);
            System.out.println("answered");
            while (System.in.read() >= 0) {
                // Only the end is of interest.
            }
        }
        System.exit(0);
    }
}
