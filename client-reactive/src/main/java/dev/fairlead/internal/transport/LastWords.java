package dev.fairlead.internal.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** The last 2 KiB of what a program says on its standard error. Reads on a thread of its own, or the program would wait for it. */
final class LastWords {

    private static final int MOST = 2048;

    private final byte[] ring = new byte[MOST];
    private long total;

    /** Completes when the program, and whatever it left behind, can say no more. */
    CompletableFuture<Void> readFrom(InputStream source) {
        CompletableFuture<Void> silent = new CompletableFuture<>();
        Threads.daemon("fairlead-ssh-errors", () -> {
            try (source) {
                byte[] some = new byte[512];
                for (int read = source.read(some); read >= 0; read = source.read(some)) {
                    add(some, read);
                }
            } catch (IOException gone) {
                // With the program.
            } finally {
                silent.complete(null);
            }
        });
        return silent;
    }

    private synchronized void add(byte[] some, int length) {
        for (int i = 0; i < length; i++) {
            ring[(int) (total++ % MOST)] = some[i];
        }
    }

    /** A place to read on from later. */
    synchronized long mark() {
        return total;
    }

    /** What was said since a place, or what is kept of it: one line, its lines parted by a semicolon, without control characters. */
    synchronized String since(long mark) {
        long from = Math.max(mark, total - MOST);
        byte[] kept = new byte[(int) (total - from)];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = ring[(int) ((from + i) % MOST)];
        }
        String[] lines = new String(kept, StandardCharsets.UTF_8).split("\\R");
        return Arrays.stream(lines)
                .map(line -> line.replaceAll("\\p{Cntrl}", "").strip())
                .filter(line -> !line.isEmpty())
                .reduce((one, next) -> one + "; " + next)
                .orElse("");
    }
}
