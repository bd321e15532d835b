package dev.fairlead.internal.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client's ssh leaves on this machine, so that nothing of it stays: its processes, and a folder for their sockets that nobody
 * else may enter. A program that ends without closing its client ends them too, unless it is killed.
 */
final class SshHome {

    private final Set<SshProcess> processes = ConcurrentHashMap.newKeySet();
    private @Nullable Path folder;
    private @Nullable Thread hook;
    private int sockets;
    private boolean closed;

    /** A path for one more socket, where nothing is yet. Blocks for the time that takes. */
    synchronized Path newSocket() {
        if (closed) {
            throw new IllegalStateException("the client was closed");
        }
        Path made = folder;
        if (made == null) {
            try {
                // Nobody but this user may enter: that is what createTempDirectory makes.
                made = Files.createTempDirectory(
                        "fairlead-ssh-" + ProcessHandle.current().pid() + "-");
            } catch (IOException refused) {
                throw new UncheckedIOException(
                        "no folder for ssh's socket can be made: " + refused.getMessage(), refused);
            }
            folder = made;
            Thread last = new Thread(this::leave, "fairlead-ssh-end");
            Runtime.getRuntime().addShutdownHook(last);
            hook = last;
        }
        return made.resolve("s" + sockets++);
    }

    /** Starts a process, unless it was ended before, and keeps it in mind until it ends. Blocks for the time that takes. */
    void start(SshProcess process) {
        processes.add(process);
        var unused = process.exit().whenComplete((status, failure) -> processes.remove(process));
        boolean late;
        synchronized (this) {
            late = closed;
        }
        if (late) {
            process.end();
        }
        process.start();
    }

    /** Ends all, and does not wait: the folder goes when the last process has. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        CompletableFuture<?>[] exits = processes.stream()
                .map(process -> {
                    process.end();
                    return process.exit();
                })
                .toArray(CompletableFuture[]::new);
        // Not on the caller's thread, which may be an event loop.
        var unused = CompletableFuture.allOf(exits).whenCompleteAsync((all, failure) -> cleanUp());
    }

    private void cleanUp() {
        deleteFolder();
        Thread registered;
        synchronized (this) {
            registered = hook;
            hook = null;
        }
        if (registered != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(registered);
            } catch (IllegalStateException endsAnyway) {
                // And it has nothing left to do.
            }
        }
    }

    /** Deletes a socket that nobody serves any more. */
    static void delete(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException goneOrHeld) {
            // It goes with the folder, or nobody can do anything about it.
        }
    }

    private void leave() {
        processes.forEach(SshProcess::endNow);
        deleteFolder();
    }

    private void deleteFolder() {
        Path made;
        synchronized (this) {
            made = folder;
            folder = null;
        }
        if (made == null) {
            return;
        }
        try {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(made)) {
                for (Path each : left) {
                    Files.deleteIfExists(each);
                }
            }
            Files.deleteIfExists(made);
        } catch (IOException goneOrHeld) {
            // Nobody can do anything about it, and there is nothing in it.
        }
    }
}
