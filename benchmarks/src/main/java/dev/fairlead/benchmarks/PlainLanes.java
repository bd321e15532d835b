package dev.fairlead.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a client with many calls under way, on sockets of the JDK: the connections share the caller's thread, each sends the same
 * bytes again as soon as an answer has ended, and nothing is taken from the answers.
 */
final class PlainLanes implements AutoCloseable {

    private static final int READ = 64 * 1024;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] LAST_CHUNK = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};
    private static final String LENGTH = "\r\ncontent-length:";

    private final Selector selector;
    private final List<Lane> lanes = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ);
    private int toSend;
    private int toCome;

    PlainLanes(Path socket, int count) throws IOException {
        this.selector = Selector.open();
        for (int lane = 0; lane < count; lane++) {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Lane opened = new Lane(channel);
            lanes.add(opened);
            var unused = channel.register(selector, SelectionKey.OP_READ, opened);
        }
    }

    /** Asks for the target so often. */
    void ask(String target, int count, @Nullable Latencies latencies) throws IOException {
        byte[] head = ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: plain\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request =
                ByteBuffer.allocateDirect(head.length).put(head).flip().asReadOnlyBuffer();
        toSend = count;
        toCome = count;
        for (Lane lane : lanes) {
            send(lane, request);
        }
        while (toCome > 0) {
            selector.select(key -> {
                try {
                    ready((Lane) key.attachment(), request, latencies);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    private void send(Lane lane, ByteBuffer request) throws IOException {
        if (toSend == 0) {
            return;
        }
        toSend--;
        lane.start = System.nanoTime();
        ByteBuffer sending = request.duplicate();
        while (sending.hasRemaining()) {
            // A head is short, and the one before has been answered: there is room for it.
            lane.channel.write(sending);
        }
    }

    private void ready(Lane lane, ByteBuffer request, @Nullable Latencies latencies) throws IOException {
        input.clear();
        if (lane.channel.read(input) < 0) {
            throw new EOFException("the Engine closed the connection");
        }
        if (!lane.isWhole(input.flip())) {
            return;
        }
        if (latencies != null) {
            latencies.since(lane.start);
        }
        toCome--;
        send(lane, request);
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes) {
            lane.channel.close();
        }
        selector.close();
    }

    /** One connection, and what has come of an answer that has no end yet. */
    private static final class Lane {
        private final SocketChannel channel;
        private byte[] come = {};
        private long start;

        private Lane(SocketChannel channel) {
            this.channel = channel;
        }

        /** Takes what was read; whether the answer is whole with it. */
        private boolean isWhole(ByteBuffer read) {
            byte[] all = new byte[come.length + read.remaining()];
            System.arraycopy(come, 0, all, 0, come.length);
            read.get(all, come.length, read.remaining());
            boolean whole = isWhole(all);
            come = whole ? new byte[0] : all;
            return whole;
        }

        private static boolean isWhole(byte[] answer) {
            int body = 0;
            while (!isAt(answer, body, HEAD_END)) {
                if (++body > answer.length) {
                    return false;
                }
            }
            body += HEAD_END.length;
            String head = new String(answer, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            int length = head.indexOf(LENGTH);
            if (length < 0) {
                return isAt(answer, answer.length - LAST_CHUNK.length, LAST_CHUNK);
            }
            int from = length + LENGTH.length();
            String number = head.substring(from, head.indexOf('\r', from)).strip();
            return answer.length >= body + Integer.parseInt(number);
        }

        private static boolean isAt(byte[] answer, int at, byte[] wanted) {
            if (at < 0 || at + wanted.length > answer.length) {
                return false;
            }
            for (int each = 0; each < wanted.length; each++) {
                if (answer[at + each] != wanted[each]) {
                    return false;
                }
            }
            return true;
        }
    }
}
