package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A chunked answer under way: every write is one chunk and goes out at once. */
public final class ChunkedAnswer {

    private final Connection connection;
    private boolean ended;

    ChunkedAnswer(Connection connection) {
        this.connection = connection;
    }

    public ChunkedAnswer write(byte[] bytes) throws IOException {
        connection.write(chunk(bytes));
        return this;
    }

    /** Writes a chunk to a client that may take nothing for so long. */
    public ChunkedAnswer write(byte[] bytes, Duration limit) throws IOException {
        connection.write(ByteBuffer.wrap(chunk(bytes)), limit);
        return this;
    }

    public ChunkedAnswer write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes this chunk again and again until the client takes no more for 200 ms; the bytes it took. */
    public long writeUntilBlocked(byte[] piece) throws IOException {
        return Exchange.writeUntilBlocked(connection, chunk(piece));
    }

    /** Writes until the client closes, and never returns otherwise. */
    public void flood(Flood flood) throws IOException {
        flood.run(connection, true);
    }

    /** The last chunk: without it the answer is cut off. */
    public void end() throws IOException {
        connection.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    static byte[] chunk(byte[] bytes) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.length + 16);
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunk.toByteArray();
    }
}
