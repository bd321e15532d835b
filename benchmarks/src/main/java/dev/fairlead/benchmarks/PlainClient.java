package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Not a client but the limit of one on blocking sockets of the JDK: sends prepared bytes, looks for the end of the answer and takes
 * the frames apart. Reads no JSON.
 */
final class PlainClient extends BlockingClient {

    private final Path socket;
    private final ConcurrentLinkedDeque<PlainConnection> resting = new ConcurrentLinkedDeque<>();
    private final List<PlainConnection> followed = new ArrayList<>();

    PlainClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public void pings(int count, int inFlight) throws Exception {
        all(count, inFlight, () -> exchange("/_ping"));
    }

    @Override
    public void inspects(int count, int inFlight) throws Exception {
        all(count, inFlight, () -> exchange("/v1.51/containers/measured/json"));
    }

    @Override
    public int list() throws IOException {
        int containers = 0;
        for (byte octet : exchange("/v1.51/containers/json")) {
            // The cheapest honest count: each of them has one health check in its status.
            containers += octet == '(' ? 1 : 0;
        }
        return containers;
    }

    private byte[] exchange(String target) throws IOException {
        PlainConnection connection = resting.pollFirst();
        if (connection == null) {
            connection = new PlainConnection(socket);
        }
        connection.send(target);
        byte[] body = connection.body();
        resting.addFirst(connection);
        return body;
    }

    @Override
    public long logs(String container) throws IOException {
        try (PlainConnection connection = new PlainConnection(socket)) {
            connection.send("/v1.51/containers/" + container + "/logs?stdout=1&stderr=1");
            long bytes = 0;
            byte[] frame = connection.frame();
            while (frame.length > 0) {
                bytes += frame.length;
                frame = connection.frame();
            }
            return bytes;
        }
    }

    /** One after the other on the caller's thread: it shows what the sockets cost, and could not go on to read them all. */
    @Override
    public void follow(int streams) throws IOException {
        for (int each = 0; each < streams; each++) {
            PlainConnection connection = new PlainConnection(socket);
            followed.add(connection);
            connection.send("/v1.51/containers/followed/logs?stdout=1&stderr=1&follow=1");
            if (connection.frame().length == 0) {
                throw new IOException("the stream ended before its first frame");
            }
        }
    }

    @Override
    public void unfollow() throws IOException {
        for (PlainConnection connection : followed) {
            connection.close();
        }
        followed.clear();
    }

    @Override
    public void close() throws IOException {
        super.close();
        for (PlainConnection connection : resting) {
            connection.close();
        }
    }
}
