package dev.fairlead.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes connections on, and cuts those that carry much: {@code LISTEN TARGET BYTES TIMES}. Whichever way more than so many bytes go
 * through a connection, it ends in the middle of them. After so many cuts everything gets through; with {@code gone} in place of
 * their number, nothing any more.
 */
public final class CuttingProxy {

    private static final int GONE = -1;

    private final int target;
    private final long most;
    private final AtomicInteger cuts;
    private volatile boolean gone;

    private CuttingProxy(int target, long most, int times) {
        this.target = target;
        this.most = most;
        this.cuts = new AtomicInteger(times);
    }

    public static void main(String[] args) throws IOException {
        int times = args[3].equals("gone") ? GONE : Integer.parseInt(args[3]);
        CuttingProxy proxy = new CuttingProxy(Integer.parseInt(args[1]), Long.parseLong(args[2]), times);
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
            System.out.println("ready");
            while (true) {
                proxy.pass(server.accept());
            }
        }
    }

    private void pass(Socket client) throws IOException {
        if (gone) {
            client.close();
            return;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        start(() -> copy(client, server));
        start(() -> copy(server, client));
    }

    private boolean cuts() {
        if (cuts.get() == GONE) {
            gone = true;
            return true;
        }
        return cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private static void start(Runnable way) {
        Thread thread = new Thread(way, "way");
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(Socket from, Socket to) {
        byte[] piece = new byte[16 * 1024];
        long copied = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                out.write(piece, 0, length);
                copied += length;
                if (gone || (copied > most && cuts())) {
                    return;
                }
            }
        } catch (IOException cut) {
            // The other way has closed both.
        }
    }
}
