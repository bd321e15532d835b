package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The smallest client there is: a socket. It proves the harness without the client that the harness is to prove. */
final class RawClient implements AutoCloseable {

    private final SocketChannel channel;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    static RawClient connect(String host) throws IOException {
        if (host.startsWith("unix://")) {
            return new RawClient(SocketChannel.open(UnixDomainSocketAddress.of(host.substring("unix://".length()))));
        }
        String[] address = host.substring("tcp://".length()).split(":", 2);
        return new RawClient(SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1]))));
    }

    RawClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    RawClient endInput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Reads until what came ends with this text; all of it. */
    String readUntil(String ending) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!all.toString(StandardCharsets.UTF_8).endsWith(ending)) {
            if (channel.read(one.clear()) < 0) {
                throw new AssertionError("the end came after: " + all.toString(StandardCharsets.UTF_8));
            }
            all.write(one.array()[0]);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Reads until the server's end; all of it. */
    String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (channel.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Reads and drops so many bytes. */
    void skip(long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        for (long left = count; left > 0; ) {
            int read = channel.read(buffer.clear().limit((int) Math.min(left, buffer.capacity())));
            if (read < 0) {
                throw new AssertionError("the end came " + left + " bytes early");
            }
            left -= read;
        }
    }

    void hangUp() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
