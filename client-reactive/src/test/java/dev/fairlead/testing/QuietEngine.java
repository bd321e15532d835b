package dev.fairlead.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * An Engine with one thread for any number of connections, in a process of its own: half of the files that so many take are its. It
 * knows {@code /_ping}; whatever else is asked for begins with one frame of output and then goes on in silence.
 */
public final class QuietEngine {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\n";
    private static final byte[] PING = bytes(HEAD + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK");
    private static final byte[] PING_HEAD = bytes(HEAD + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n");
    private static final byte[] STREAM = bytes(HEAD + "Content-Type: application/vnd.docker.multiplexed-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nd\r\n\1\0\0\0\0\0\0\5hello\r\n");

    private final Selector selector;
    private final ServerSocketChannel server;
    private final ByteBuffer request = ByteBuffer.allocate(8192);

    private QuietEngine(String socket) throws IOException {
        this.selector = Selector.open();
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Listens at that socket, says so, and serves until it is killed. */
    public static void main(String[] arguments) throws IOException {
        QuietEngine engine = new QuietEngine(arguments[0]);
        System.out.println("ready");
        while (true) {
            engine.selector.select();
            Iterator<SelectionKey> ready = engine.selector.selectedKeys().iterator();
            while (ready.hasNext()) {
                SelectionKey key = ready.next();
                ready.remove();
                if (key.isAcceptable()) {
                    engine.accept();
                } else {
                    engine.answer((SocketChannel) key.channel());
                }
            }
        }
    }

    private void accept() throws IOException {
        for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
            next.configureBlocking(false);
            next.register(selector, SelectionKey.OP_READ);
        }
    }

    /** A request here is short and comes in one piece. */
    private void answer(SocketChannel peer) throws IOException {
        try {
            request.clear();
            if (peer.read(request) < 0) {
                peer.close();
                return;
            }
            String text = new String(request.array(), 0, request.position(), StandardCharsets.ISO_8859_1);
            boolean ping = text.contains("/_ping ");
            peer.write(ByteBuffer.wrap(!ping ? STREAM : text.startsWith("HEAD") ? PING_HEAD : PING));
        } catch (IOException gone) {
            peer.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
