package dev.fairlead.benchmarks;

import java.nio.file.Path;

/** A program that lists once, if its heap is large enough. */
final class OneList {

    private OneList() {}

    /** The kind of client, the socket and how many containers. */
    public static void main(String[] arguments) throws Exception {
        int containers = Integer.parseInt(arguments[2]);
        try (Client client = ClientKind.valueOf(arguments[0]).create(Path.of(arguments[1]))) {
            System.out.println(
                    client.lists(1, containers, null) == containers ? "listed" : WorkerProcess.FAILED + "not all");
        }
        System.exit(0);
    }
}
