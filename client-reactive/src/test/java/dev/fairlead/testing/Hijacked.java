package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection after {@code 101 UPGRADED}: raw bytes in both directions, each ended on its own. */
public final class Hijacked {

    private final Connection connection;

    Hijacked(Connection connection) {
        this.connection = connection;
    }

    /** The next bytes the client sent, at least one; empty when it has half-closed. */
    public byte[] read() throws IOException {
        return connection.take(64 * 1024);
    }

    /** Exactly so many bytes, fewer only when the client half-closes before. */
    public byte[] read(int count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            byte[] bytes = connection.take(count - all.size());
            if (bytes.length == 0) {
                break;
            }
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    /** All that the client sends until it half-closes. */
    public byte[] readToEnd() throws IOException {
        return read(Integer.MAX_VALUE);
    }

    public Hijacked write(byte[] bytes) throws IOException {
        connection.write(bytes);
        return this;
    }

    public Hijacked write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes this piece again and again until the client takes no more for 200 ms; the bytes it took. */
    public long writeUntilBlocked(byte[] piece) throws IOException {
        return Exchange.writeUntilBlocked(connection, piece);
    }

    /** Writes until the client closes, and never returns otherwise. */
    public void flood(Flood flood) throws IOException {
        flood.run(connection, false);
    }

    /** Half-closes from this side: the client sees the end of the output and may still write. */
    public void endOutput() throws IOException {
        connection.endOutput();
    }

    /** Waits until the client half-closes or closes, and drops what it sends until then. */
    public void awaitEndOfInput(Duration limit) {
        connection.awaitEnd(limit);
    }

    public void close() throws IOException {
        connection.close();
    }

    /** Closes without TLS's close_notify, as for an Engine that was killed. */
    public void cut() throws IOException {
        connection.cut();
    }

    /** Closes with a reset (TCP); on a Unix socket the same as {@link #close()}. */
    public void reset() throws IOException {
        connection.reset();
    }
}
