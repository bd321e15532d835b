package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** An attached program that writes what it reads, and ends with its input. */
final class Echo {

    private static final int HEADER = 8;
    private static final int LARGEST = 32 * 1024;
    // Others may be waiting.
    private static final int ROUNDS = 8;

    private final SocketChannel channel;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(HEADER + LARGEST);
    private boolean sending;

    Echo(SocketChannel channel) {
        this.channel = channel;
    }

    /** Does what can be done now; returns what to wait for. */
    int ready() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            if (!sending) {
                frame.clear().position(HEADER);
                int read = channel.read(frame);
                if (read < 0) {
                    channel.close();
                    return 0;
                }
                if (read == 0) {
                    return SelectionKey.OP_READ;
                }
                frame.flip().put(0, (byte) 1).putInt(HEADER / 2, read);
                sending = true;
            }
            channel.write(frame);
            if (frame.hasRemaining()) {
                return SelectionKey.OP_WRITE;
            }
            sending = false;
        }
        return SelectionKey.OP_READ;
    }
}
