package dev.fairlead.benchmarks;

/** What the clients are made to do, in batches of a tenth of a second or so. */
enum Scenario {
    PING_1("ping, 1 in flight", "requests/s", client -> pings(client, 256, 1)),
    PING_64("ping, 64 in flight", "requests/s", client -> pings(client, 4096, 64)),
    PING_512("ping, 512 in flight", "requests/s", client -> pings(client, 8192, 512)),
    INSPECT_1("inspect, 1 in flight", "requests/s", client -> inspects(client, 128, 1)),
    INSPECT_64("inspect, 64 in flight", "requests/s", client -> inspects(client, 2048, 64)),
    LIST("list of " + Scenario.CONTAINERS, "lists/s", client -> lists(client, 5)),
    LOGS_128("logs in 128-byte frames", "MB/s", client -> logs(client, "frames-128-64")),
    LOGS_16K("logs in 16-KiB frames", "MB/s", client -> logs(client, "frames-16384-64"));

    /** How many containers the fake Engine lists. */
    static final int CONTAINERS = 1000;

    /** Runs one batch; returns how much was done. */
    private interface Batch {
        double run(Client client) throws Exception;
    }

    private final String title;
    private final String unit;

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas that hold nothing.
    private final Batch batch;

    Scenario(String title, String unit, Batch batch) {
        this.title = title;
        this.unit = unit;
        this.batch = batch;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** Whether a thread may come and go with each of them: then the threads that live do not tell what was allocated. */
    boolean isStream() {
        return this == LOGS_128 || this == LOGS_16K;
    }

    double run(Client client) throws Exception {
        return batch.run(client);
    }

    private static double pings(Client client, int count, int inFlight) throws Exception {
        client.pings(count, inFlight);
        return count;
    }

    private static double inspects(Client client, int count, int inFlight) throws Exception {
        client.inspects(count, inFlight);
        return count;
    }

    private static double lists(Client client, int count) throws Exception {
        for (int each = 0; each < count; each++) {
            int found = client.list();
            if (found != CONTAINERS) {
                throw new IllegalStateException("listed " + found + " containers");
            }
        }
        return count;
    }

    private static double logs(Client client, String container) throws Exception {
        long bytes = client.logs(container);
        if (bytes < 60L << 20) {
            throw new IllegalStateException("got " + bytes + " bytes of " + container);
        }
        return bytes / 1e6;
    }
}
