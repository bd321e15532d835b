package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection to the fake Engine: reads requests, one after the other, and sends what they get. */
final class FakePeer {

    private static final byte[] NOTHING = new byte[0];

    private final SocketChannel channel;
    private final Routes routes;
    private final ByteBuffer input;

    /** What has come of a head that came in pieces. */
    private byte[] kept = NOTHING;

    private String asked = "";
    /** The last head without a body: mostly the next is the same. */
    private byte[] askedHead = NOTHING;

    private @Nullable BodyReader body;
    private @Nullable PreparedAnswer answer;
    private @Nullable ByteBuffer part;
    private @Nullable AtomicLong counter;
    private @Nullable Echo echo;
    private int blocksLeft;
    private boolean endSent;

    /** @param input where what was read is for a moment; the peers share it */
    FakePeer(SocketChannel channel, Routes routes, ByteBuffer input) {
        this.channel = channel;
        this.routes = routes;
        this.input = input;
    }

    void ready(SelectionKey key) throws IOException {
        Echo attached = echo;
        int wanted;
        if (attached != null && part == null) {
            wanted = attached.ready();
        } else {
            if (key.isReadable() && !read()) {
                return;
            }
            wanted = send() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        }
        if (key.isValid() && key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /** Reads what there is; false at the end. */
    private boolean read() throws IOException {
        input.clear();
        if (channel.read(input) < 0) {
            channel.close();
            return false;
        }
        input.flip();
        if (body == null) {
            head();
        }
        BodyReader current = body;
        if (current != null && current.read(input)) {
            body = null;
            routes.addBody(current.bytes());
            start(asked);
        }
        return true;
    }

    private void head() {
        if (kept.length == 0 && input.remaining() == askedHead.length && isAskedAgain()) {
            input.position(input.limit());
            start(asked);
            return;
        }
        byte[] bytes = new byte[kept.length + input.remaining()];
        System.arraycopy(kept, 0, bytes, 0, kept.length);
        input.get(bytes, kept.length, input.remaining());
        int end = headEnd(bytes);
        if (end < 0) {
            kept = bytes;
            return;
        }
        // Back to where the body begins.
        input.position(input.limit() - (bytes.length - end));
        kept = NOTHING;
        asked = line(bytes, end);
        if (bytes[0] == 'P') {
            askedHead = NOTHING;
            body = BodyReader.after(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
        } else {
            askedHead = Arrays.copyOf(bytes, end);
            start(asked);
        }
    }

    private boolean isAskedAgain() {
        return askedHead.length > 0 && input.equals(ByteBuffer.wrap(askedHead));
    }

    /** Where the body begins; -1 when the head has no end yet. */
    private static int headEnd(byte[] bytes) {
        for (int at = 3; at < bytes.length; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n' && bytes[at - 3] == '\r') {
                return at + 1;
            }
        }
        return -1;
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

    private void start(String request) {
        PreparedAnswer next = routes.find(request);
        answer = next;
        part = next.start().duplicate();
        counter = routes.counter(request);
        blocksLeft = next.times();
        endSent = false;
        echo = next.isEcho() ? new Echo(channel) : null;
    }

    /** Sends until all is sent or the socket takes no more, which is false. */
    private boolean send() throws IOException {
        ByteBuffer sending = part;
        while (sending != null) {
            int sent = channel.write(sending);
            AtomicLong counted = counter;
            if (counted != null) {
                counted.addAndGet(sent);
            }
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
