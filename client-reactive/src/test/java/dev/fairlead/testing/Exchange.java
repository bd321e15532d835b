package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request and what is done about it, on the thread of its connection. Every answer says {@code Api-Version} as an
 * Engine's does; an empty value among the headers leaves a header out.
 */
public final class Exchange {

    private static final Map<Integer, String> REASONS = Map.of(
            101,
            "UPGRADED",
            200,
            "OK",
            201,
            "Created",
            204,
            "No Content",
            304,
            "Not Modified",
            404,
            "Not Found",
            409,
            "Conflict",
            500,
            "Internal Server Error");

    private final FakeEngine engine;
    private final Connection connection;
    private final Request request;
    private final Connection.Body body;
    private @Nullable ChunkedAnswer chunkedAnswer;
    private boolean answered;

    Exchange(FakeEngine engine, Connection connection, Request request, Connection.Body body) {
        this.engine = engine;
        this.connection = connection;
        this.request = request;
        this.body = body;
    }

    public Request request() {
        return request;
    }

    /** The next bytes of a body that is not read yet (see {@link FakeEngine#onHead}); empty at its end. */
    public byte[] readBody(int most) throws IOException {
        byte[] bytes = body.next(most);
        request.append(bytes);
        return bytes;
    }

    /** Reads a body that is not read yet to its end; all of it. */
    public byte[] readBody() throws IOException {
        body.drain(Long.MAX_VALUE, request);
        return request.body();
    }

    public void answer(int status, String text) throws IOException {
        answer(status, Map.of("Content-Type", "application/json"), text);
    }

    public void answer(int status, Map<String, String> headers, String text) throws IOException {
        answer(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole answer with its length, in one write. */
    public void answer(int status, Map<String, String> headers, byte[] bytes) throws IOException {
        boolean bodyless = status == 204 || status == 304;
        byte[] head = head(status, headers, bodyless ? "" : "Content-Length: " + bytes.length + "\r\n");
        boolean headOnly = bodyless || request.method().equals("HEAD");
        connection.write(headOnly ? head : join(head, bytes));
        answered = true;
    }

    /** Starts a chunked answer: the head goes out at once. */
    public ChunkedAnswer startChunked(int status, Map<String, String> headers) throws IOException {
        connection.write(head(status, headers, "Transfer-Encoding: chunked\r\n"));
        chunkedAnswer = new ChunkedAnswer(connection);
        return chunkedAnswer;
    }

    /** Only a head, with these headers and no other framing: what follows is {@link #raw written raw}. */
    public void startRaw(int status, Map<String, String> headers) throws IOException {
        connection.write(head(status, headers, ""));
    }

    /** Writes bytes as they are: garbage, half a head, a body without framing. */
    public void raw(byte[] bytes) throws IOException {
        connection.write(bytes);
    }

    public void raw(String text) throws IOException {
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says that what was written raw was a whole answer, so that the connection is kept for the next request. */
    public void endRaw() {
        answered = true;
    }

    /** Writes these raw bytes again and again until the client takes no more for 200 ms; the bytes it took. */
    public long writeUntilBlocked(byte[] piece) throws IOException {
        return writeUntilBlocked(connection, piece);
    }

    /** Answers {@code 101 UPGRADED}, the first bytes of output in the same write. */
    public Hijacked hijack(String mediaType, byte[] firstOutput) throws IOException {
        byte[] head = head(101, Map.of("Content-Type", mediaType), "Connection: Upgrade\r\nUpgrade: tcp\r\n");
        connection.write(join(head, firstOutput));
        return new Hijacked(connection);
    }

    /** Answers {@code 101} with these headers, the first bytes in the same write. */
    public Hijacked upgrade(Map<String, String> headers, byte[] firstOutput) throws IOException {
        connection.write(join(head(101, headers, "Connection: Upgrade\r\n"), firstOutput));
        return new Hijacked(connection);
    }

    public Hijacked hijack(String mediaType) throws IOException {
        return hijack(mediaType, new byte[0]);
    }

    /**
     * Does nothing until the gate is open; ends early, and with it the connection, when the client closes. While there
     * is a body left to read the client's closing goes unnoticed.
     */
    public void stall(Gate gate) throws IOException, InterruptedException {
        if (body.isComplete()) {
            connection.stall(gate);
        } else {
            gate.await();
        }
    }

    /** Cuts the connection. */
    public void close() throws IOException {
        connection.close();
    }

    /** Closes without TLS's close_notify, as for an Engine that was killed. */
    public void cut() throws IOException {
        connection.cut();
    }

    /** Cuts the connection with a reset (TCP); on a Unix socket the same as {@link #close()}. */
    public void reset() throws IOException {
        connection.reset();
    }

    /** Waits until the client closed, or half-closed, its side; fails after the limit. */
    public void awaitPeerClosed(Duration limit) {
        connection.awaitEnd(limit);
    }

    /**
     * Waits until the client has let the connection go altogether, half-closing is not enough: writes a byte every
     * few milliseconds until that fails. Fails after the limit.
     */
    public void awaitPeerGone(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        // Within a chunked answer, what is written has to be a chunk.
        byte[] sign = (chunkedAnswer == null ? "." : "1\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
        try {
            while (System.nanoTime() < end) {
                connection.write(sign);
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        } catch (IOException gone) {
            return;
        }
        throw new AssertionError("the client still holds the connection after " + limit);
    }

    /** Whether the next request may come on this connection. */
    boolean endsCleanly() {
        return chunkedAnswer == null ? answered : chunkedAnswer.isEnded();
    }

    static long writeUntilBlocked(Connection connection, byte[] piece) throws IOException {
        long taken = 0;
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        while (true) {
            int before = bytes.remaining();
            boolean all = connection.offer(bytes);
            taken += before - bytes.remaining();
            if (all) {
                bytes.rewind();
            } else if (!connection.awaitWritable(200)) {
                if (bytes.position() > 0) {
                    connection.leave(bytes);
                }
                return taken;
            }
        }
    }

    private byte[] head(int status, Map<String, String> headers, String framing) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " " + REASONS.getOrDefault(status, "Said so")).append("\r\n");
        if (headers.keySet().stream().noneMatch("Api-Version"::equalsIgnoreCase)) {
            head.append("Api-Version: ").append(engine.apiVersion()).append("\r\n");
        }
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return head.append(framing).append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
