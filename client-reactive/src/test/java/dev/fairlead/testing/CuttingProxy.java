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
 * through a connection, it ends in the middle of them; after so many cuts everything gets through.
 */
public final class CuttingProxy {

    private final int target;
    private final long most;
    private final AtomicInteger cuts;

    private CuttingProxy(int target, long most, int times) {
        this.target = target;
        this.most = most;
        this.cuts = new AtomicInteger(times);
    }

    public static void main(String[] args) throws IOException {
        CuttingProxy proxy =
                new CuttingProxy(Integer.parseInt(args[1]), Long.parseLong(args[2]), Integer.parseInt(args[3]));
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
            System.out.println("ready");
            while (true) {
                proxy.pass(server.accept());
            }
        }
    }

    private void pass(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        start(() -> copy(client, server));
        start(() -> copy(server, client));
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
                if (copied > most && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
            }
        } catch (IOException cut) {
            // The other way has closed both.
        }
    }
}
