package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection to the fake Engine: reads requests without a body, one after the other, and sends what they get. */
final class FakePeer {

    private final SocketChannel channel;
    private final Routes routes;
    private final ByteBuffer request = ByteBuffer.allocate(4096);

    private @Nullable PreparedAnswer answer;
    private @Nullable ByteBuffer part;
    private int blocksLeft;
    private boolean endSent;

    FakePeer(SocketChannel channel, Routes routes) {
        this.channel = channel;
        this.routes = routes;
    }

    void ready(SelectionKey key) throws IOException {
        if (key.isReadable() && !read()) {
            return;
        }
        boolean sent = send();
        int wanted = sent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /** Reads what there is; false at the end. */
    private boolean read() throws IOException {
        if (channel.read(request) < 0) {
            channel.close();
            return false;
        }
        int length = request.position();
        byte[] bytes = request.array();
        if (length < 4 || bytes[length - 1] != '\n' || bytes[length - 2] != '\r' || bytes[length - 3] != '\n') {
            return true;
        }
        request.clear();
        start(routes.find(line(bytes, length)));
        return true;
    }

    /** The method and the target. */
    private static String line(byte[] bytes, int length) {
        int blanks = 0;
        int end = 0;
        while (end < length) {
            if (bytes[end] == ' ' && ++blanks == 2) {
                break;
            }
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    private void start(PreparedAnswer next) {
        answer = next;
        part = next.start().duplicate();
        blocksLeft = next.times();
        endSent = false;
    }

    /** Sends until all is sent or the socket takes no more, which is false. */
    private boolean send() throws IOException {
        ByteBuffer sending = part;
        while (sending != null) {
            channel.write(sending);
            if (sending.hasRemaining()) {
                return false;
            }
            sending = nextPart();
            part = sending;
        }
        return true;
    }

    private @Nullable ByteBuffer nextPart() {
        PreparedAnswer current = answer;
        if (current == null) {
            return null;
        }
        if (blocksLeft > 0) {
            blocksLeft--;
            return current.block().duplicate();
        }
        if (!endSent && current.end().hasRemaining()) {
            endSent = true;
            return current.end().duplicate();
        }
        answer = null;
        return null;
    }
}
