package dev.fairlead.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** As much HTTP as the fake Engine speaks, on a blocking socket. */
final class PlainConnection implements AutoCloseable {

    private static final byte[] NOTHING = new byte[0];

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024).flip();
    private boolean headRead;
    private boolean chunked;
    private int left; // Of the chunk, or of the body.

    PlainConnection(Path socket) throws IOException {
        this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    void get(String target) throws IOException {
        send("GET " + target, "");
    }

    /** Sends a head: method and target, and further headers with their line ends. */
    void send(String request, String headers) throws IOException {
        String head = request + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: plain\r\n" + headers + "\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        headRead = false;
    }

    /** Sends so many bytes of no matter what; multiples of 64 KiB. */
    void write(long length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(64 * 1024);
        for (long sent = 0; sent < length; sent += piece.capacity()) {
            write(piece.clear());
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void closeOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** The whole body. */
    byte[] body() throws IOException {
        readHead();
        if (!chunked) {
            return take(left);
        }
        byte[] body = NOTHING;
        while (nextChunk()) {
            byte[] chunk = take(left);
            body = body.length == 0 ? chunk : join(body, chunk);
            left = 0;
            skipLineEnd();
        }
        return body;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = new byte[first.length + second.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /** The next frame, which fills a chunk; empty at the end. */
    byte[] frame() throws IOException {
        if (!headRead) {
            readHead();
        }
        if (!nextChunk()) {
            return NOTHING;
        }
        byte[] payload = payload();
        skipLineEnd();
        return payload;
    }

    /** The next chunk; empty at the end. */
    byte[] chunk() throws IOException {
        if (!headRead) {
            readHead();
        }
        if (!nextChunk()) {
            return NOTHING;
        }
        byte[] content = take(left);
        skipLineEnd();
        return content;
    }

    /** The next frame of an attached program, which no chunk is around; empty at the end. */
    byte[] rawFrame() throws IOException {
        if (!buffer.hasRemaining() && !more()) {
            return NOTHING;
        }
        return payload();
    }

    private byte[] payload() throws IOException {
        require(8);
        int size = buffer.getInt(buffer.position() + 4);
        buffer.position(buffer.position() + 8);
        return take(size);
    }

    void readHead() throws IOException {
        headRead = true;
        chunked = false;
        left = 0;
        String line = line();
        while (!line.isEmpty()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                left = Integer.parseInt(header.substring(15).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = true;
            }
            line = line();
        }
    }

    /** Reads the length of the next chunk; false for the last one, which is read to its end. */
    private boolean nextChunk() throws IOException {
        left = 0;
        byte octet = next();
        while (octet != '\r') {
            left = (left << 4) | Character.digit(octet, 16);
            octet = next();
        }
        next();
        if (left == 0) {
            skipLineEnd();
        }
        return left > 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        byte octet = next();
        while (octet != '\r') {
            line.append((char) octet);
            octet = next();
        }
        next();
        return line.toString();
    }

    private void skipLineEnd() throws IOException {
        next();
        next();
    }

    private byte next() throws IOException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        return buffer.get();
    }

    private byte[] take(int length) throws IOException {
        byte[] taken = new byte[length];
        int filled = 0;
        while (filled < length) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            int part = Math.min(buffer.remaining(), length - filled);
            buffer.get(taken, filled, part);
            filled += part;
        }
        return taken;
    }

    private void require(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            fill();
        }
    }

    private void fill() throws IOException {
        if (!more()) {
            throw new EOFException("the Engine closed the connection");
        }
    }

    private boolean more() throws IOException {
        buffer.compact();
        int read = channel.read(buffer);
        buffer.flip();
        return read >= 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
