package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Not a client but the limit of one on sockets of the JDK: sends prepared bytes, looks for the end of the answer and takes the frames
 * apart. Reads no JSON. Its sockets block, but for many calls at a time.
 */
final class PlainClient extends BlockingClient {

    private static final String API = "/v1.51";

    private final Path socket;
    private final ConcurrentLinkedDeque<PlainConnection> resting = new ConcurrentLinkedDeque<>();
    private final List<PlainConnection> followed = new ArrayList<>();
    private final List<PlainConnection> stalled = new ArrayList<>();
    private final Map<Integer, PlainLanes> lanes = new HashMap<>();

    PlainClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public void pings(int count, int inFlight, @Nullable Latencies latencies) throws Exception {
        calls("/_ping", count, inFlight, latencies);
    }

    @Override
    public void inspects(int count, int inFlight, @Nullable Latencies latencies) throws Exception {
        calls(API + "/containers/measured/json", count, inFlight, latencies);
    }

    private void calls(String target, int count, int inFlight, @Nullable Latencies latencies) throws Exception {
        if (inFlight == 1) {
            all(count, 1, latencies, () -> exchange(target));
            return;
        }
        PlainLanes opened = lanes.get(inFlight);
        if (opened == null) {
            opened = new PlainLanes(socket, inFlight);
            lanes.put(inFlight, opened);
        }
        opened.ask(target, count, latencies);
    }

    @Override
    public int lists(int count, int containers, @Nullable Latencies latencies) throws Exception {
        int[] found = new int[1];
        all(count, 1, latencies, () -> {
            for (byte octet : exchange(API + "/containers/json?limit=" + containers)) {
                // The cheapest honest count: each of them has one health check in its status.
                found[0] += octet == '(' ? 1 : 0;
            }
        });
        return found[0];
    }

    private byte[] exchange(String target) throws IOException {
        PlainConnection connection = resting.pollFirst();
        if (connection == null) {
            connection = new PlainConnection(socket);
        }
        connection.get(target);
        byte[] body = connection.body();
        resting.addFirst(connection);
        return body;
    }

    /** How many bytes the Engine has sent of that container's logs. */
    long sent(String container) throws IOException {
        return Long.parseLong(new String(exchange("/_sent/" + container), StandardCharsets.US_ASCII));
    }

    @Override
    public long logs(String container) throws IOException {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.get(logsOf(container));
            long bytes = 0;
            byte[] frame = connection.frame();
            while (frame.length > 0) {
                bytes += frame.length;
                frame = connection.frame();
            }
            return bytes;
        }
    }

    private static String logsOf(String container) {
        return API + "/containers/" + container + "/logs?stdout=1&stderr=1&follow=1";
    }

    @Override
    public int events(int count) throws IOException {
        return chunks("GET " + API + "/events?until=" + count);
    }

    @Override
    public int stats(int count) throws IOException {
        return chunks("GET " + API + "/containers/stats-" + count + "/stats?stream=1");
    }

    @Override
    public int pull(int count) throws IOException {
        return chunks("POST " + API + "/images/create?fromImage=measured&tag=" + count);
    }

    private int chunks(String request) throws IOException {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.send(request, "Content-Length: 0\r\n");
            int chunks = 0;
            while (connection.chunk().length > 0) {
                chunks++;
            }
            return chunks;
        }
    }

    @Override
    public void upload(long bytes) throws IOException {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.send(
                    "PUT " + API + "/containers/measured/archive?path=/tmp", "Content-Length: " + bytes + "\r\n");
            connection.write(bytes);
            connection.body();
        }
    }

    @Override
    public long download(int mebibytes) throws IOException {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.get(API + "/containers/tar-" + mebibytes + "/archive?path=/content");
            long bytes = 0;
            int length = connection.chunk().length;
            while (length > 0) {
                bytes += length;
                length = connection.chunk().length;
            }
            return bytes;
        }
    }

    @Override
    public long echo(long bytes) throws Exception {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.send(
                    "POST " + API + "/containers/echo/attach?stream=1&stdin=1&stdout=1",
                    "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n");
            connection.readHead();
            Future<?> sent = beside(() -> {
                connection.write(bytes);
                connection.closeOutput();
            });
            long back = 0;
            int length = connection.rawFrame().length;
            while (length > 0) {
                back += length;
                length = connection.rawFrame().length;
            }
            sent.get();
            return back;
        }
    }

    /** One after the other on the caller's thread: it shows what the sockets cost, and could not go on to read them all. */
    @Override
    public void follow(int streams) throws IOException {
        for (int each = 0; each < streams; each++) {
            PlainConnection connection = new PlainConnection(socket);
            followed.add(connection);
            connection.get(logsOf("followed"));
            if (connection.frame().length == 0) {
                throw new IOException("the stream ended before its first frame");
            }
        }
    }

    @Override
    public void unfollow() throws IOException {
        close(followed);
    }

    @Override
    public void stall(String container, int frames) throws IOException {
        PlainConnection connection = new PlainConnection(socket);
        stalled.add(connection);
        connection.get(logsOf(container));
        for (int frame = 0; frame < frames; frame++) {
            connection.frame();
        }
    }

    @Override
    public void unstall() throws IOException {
        close(stalled);
    }

    private static void close(List<PlainConnection> connections) throws IOException {
        for (PlainConnection connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    @Override
    public void close() throws IOException {
        super.close();
        for (PlainConnection connection : resting) {
            connection.close();
        }
        for (PlainLanes opened : lanes.values()) {
            opened.close();
        }
    }
}
