package dev.fairlead.benchmarks;

import org.jspecify.annotations.Nullable;

/** What the clients are made to do. */
enum Scenario {
    PING_1("ping, 1 in flight", "request", (client, sizes, latencies) -> pings(client, sizes.of(256), 1, latencies)),
    PING_64(
            "ping, 64 in flight",
            "request",
            (client, sizes, latencies) -> pings(client, sizes.of(4096), 64, latencies)),
    PING_512(
            "ping, 512 in flight",
            "request",
            (client, sizes, latencies) -> pings(client, sizes.of(8192), 512, latencies)),
    INSPECT_1(
            "inspect, 1 in flight",
            "request",
            (client, sizes, latencies) -> inspects(client, sizes.of(128), 1, latencies)),
    INSPECT_64(
            "inspect, 64 in flight",
            "request",
            (client, sizes, latencies) -> inspects(client, sizes.of(2048), 64, latencies)),
    INSPECT_512(
            "inspect, 512 in flight",
            "request",
            (client, sizes, latencies) -> inspects(client, sizes.of(4096), 512, latencies)),
    LIST_1000(
            "list of 1,000",
            "list",
            (client, sizes, latencies) -> lists(client, sizes.of(5), sizes.of(1000), latencies)),
    LIST_10000("list of 10,000", "list", (client, sizes, latencies) -> lists(client, 1, sizes.of(10_000), latencies)),
    LIST_HEAP("list of 10,000, the least heap", Way.HEAP),
    LOGS_128("logs in 128-byte frames", "MB", (client, sizes, latencies) -> logs(client, 128, sizes.mebibytes())),
    LOGS_16K("logs in 16-KiB frames", "MB", (client, sizes, latencies) -> logs(client, 16 * 1024, sizes.mebibytes())),
    EVENTS("events", "event", (client, sizes, latencies) -> events(client, sizes.of(100_000))),
    STATS("stats", "sample", (client, sizes, latencies) -> stats(client, sizes.of(20_000))),
    PULL("messages of a pull", "message", (client, sizes, latencies) -> pull(client, sizes.of(100_000))),
    UPLOAD("upload", "MB", (client, sizes, latencies) -> upload(client, sizes.mebibytes())),
    DOWNLOAD("download", "MB", (client, sizes, latencies) -> download(client, sizes.mebibytes())),
    ECHO("attach echo", "MB", (client, sizes, latencies) -> echo(client, sizes.echoMebibytes())),
    STREAMS_1000("1,000 open followed logs", Way.STREAMS),
    STREAMS_10000("10,000 open followed logs, one event loop", Way.STREAMS),
    SLOW("slow consumer", Way.SLOW),
    START("cold start to the first inspect", Way.START);

    /** How it is measured. */
    enum Way {
        /** Batches, one after the other. */
        RATE,
        /** Many streams opened at once, by a process that did nothing before. */
        STREAMS,
        /** A stream of which the consumer takes a little. */
        SLOW,
        /** A whole process. */
        START,
        /** Processes with less and less heap. */
        HEAP
    }

    /** Does one batch; returns how much was done. */
    private interface Batch {
        double run(Client client, Sizes sizes, @Nullable Latencies latencies) throws Exception;
    }

    private static final double MEGA = 1e6;

    private final String title;
    private final String unit;
    private final Way way;

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas that hold nothing.
    private final Batch batch;

    Scenario(String title, String unit, Batch batch) {
        this.title = title;
        this.unit = unit;
        this.way = Way.RATE;
        this.batch = batch;
    }

    Scenario(String title, Way way) {
        this.title = title;
        this.unit = "";
        this.way = way;
        this.batch = (client, sizes, latencies) -> {
            throw new IllegalStateException("has no batches");
        };
    }

    String title() {
        return title;
    }

    /** What its batches are counted in; empty without. */
    String unit() {
        return unit;
    }

    Way way() {
        return way;
    }

    /** Whether it consists of calls, each of which takes its time. */
    boolean hasCalls() {
        return unit.equals("request") || unit.equals("list");
    }

    /** How many streams are opened. */
    int streams() {
        return this == STREAMS_10000 ? 10_000 : 1000;
    }

    /** Does one batch; returns how much was done, in its unit. */
    double run(Client client, Sizes sizes, @Nullable Latencies latencies) throws Exception {
        return batch.run(client, sizes, latencies);
    }

    private static double pings(Client client, int count, int inFlight, @Nullable Latencies latencies)
            throws Exception {
        client.pings(count, inFlight, latencies);
        return count;
    }

    private static double inspects(Client client, int count, int inFlight, @Nullable Latencies latencies)
            throws Exception {
        client.inspects(count, inFlight, latencies);
        return count;
    }

    private static double lists(Client client, int count, int containers, @Nullable Latencies latencies)
            throws Exception {
        expect((long) count * containers, client.lists(count, containers, latencies));
        return count;
    }

    private static double logs(Client client, int size, int mebibytes) throws Exception {
        long expected = bytes(mebibytes) / size * size;
        expect(expected, client.logs("frames-" + size + "-" + mebibytes));
        return expected / MEGA;
    }

    private static double events(Client client, int count) throws Exception {
        expect(count, client.events(count));
        return count;
    }

    private static double stats(Client client, int count) throws Exception {
        expect(count, client.stats(count));
        return count;
    }

    private static double pull(Client client, int count) throws Exception {
        expect(count, client.pull(count));
        return count;
    }

    private static double upload(Client client, int mebibytes) throws Exception {
        client.upload(bytes(mebibytes));
        return bytes(mebibytes) / MEGA;
    }

    private static double download(Client client, int mebibytes) throws Exception {
        // The header of the file, and the end of the tar.
        expect(bytes(mebibytes) + 512 + 1024, client.download(mebibytes));
        return bytes(mebibytes) / MEGA;
    }

    private static double echo(Client client, int mebibytes) throws Exception {
        expect(bytes(mebibytes), client.echo(bytes(mebibytes)));
        return bytes(mebibytes) / MEGA;
    }

    private static long bytes(int mebibytes) {
        return (long) mebibytes << 20;
    }

    private static void expect(long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException("got " + found + " instead of " + expected);
        }
    }
}
