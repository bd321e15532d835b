package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Opens a named pipe of Windows, once for each connection. Opening blocks for a moment, on Reactor's elastic threads; what follows goes
 * by the JDK's asynchronous file channel, and holds no thread.
 *
 * <p>All but the file itself was run, on a stand-in: there was no Windows to run it on.
 */
final class PipeDialer implements Dialer {

    /** Each instance of a pipe serves one client, and the Engine makes the next one a moment later. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(50);

    /** In the place of a pipe, when it was cancelled. */
    private static final Closeable NOBODY = () -> {};

    private final DockerHost.Npipe host;
    private final Callable<AsynchronousByteChannel> pipe;
    /** Asked each time: whose event loops they are may end them and have others. */
    private final Supplier<EventLoopGroup> loops;

    private final Duration connectTimeout;

    PipeDialer(DockerHost.Npipe host, ConnectionSettings settings, boolean isNative) {
        this(host, settings, isNative, () -> PipeFile.open(windowsPath(host)));
    }

    /** @param pipe opens it, and may block for that */
    PipeDialer(
            DockerHost.Npipe host,
            ConnectionSettings settings,
            boolean isNative,
            Callable<AsynchronousByteChannel> pipe) {
        this.host = host;
        this.pipe = pipe;
        this.loops = () -> settings.currentLoops().onClient(isNative);
        this.connectTimeout = settings.connectTimeout();
    }

    /** As Windows wants it: {@code \\.\pipe\docker_engine}. */
    static String windowsPath(DockerHost.Npipe host) {
        return host.path().replace('/', '\\');
    }

    @Override
    public Mono<Channel> dial() {
        return open().subscribeOn(Schedulers.boundedElastic())
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, BUSY_PAUSE).filter(PipeDialer::isBusy))
                .flatMap(this::register)
                .timeout(connectTimeout)
                .onErrorMap(NoSuchFileException.class, this::missing);
    }

    /** Where nobody waits any more when it is open, it is closed. */
    private Mono<AsynchronousByteChannel> open() {
        return Mono.create(sink -> {
            AtomicReference<@Nullable Closeable> state = new AtomicReference<>();
            var unused = sink.onCancel(() -> closeQuietly(state.getAndSet(NOBODY)));
            AsynchronousByteChannel opened;
            try {
                opened = pipe.call();
            } catch (Exception failure) {
                if (state.get() == null) {
                    sink.error(failure);
                }
                return;
            }
            if (state.compareAndSet(null, opened)) {
                sink.success(opened);
            } else {
                closeQuietly(opened);
            }
        });
    }

    @Override
    public void close() {
        // Nothing is open between two channels.
    }

    private Mono<Channel> register(AsynchronousByteChannel opened) {
        return Mono.create(sink -> {
            PipeChannel channel = new PipeChannel(opened, host.toString());
            channel.config().setAutoRead(false).setAutoClose(false);
            var unused = sink.onCancel(() -> closeQuietly(opened));
            loops.get().register(channel).addListener(registered -> {
                Throwable problem = registered.cause();
                if (problem == null) {
                    closeWithLoop(channel, opened);
                    sink.success(channel);
                } else {
                    closeQuietly(opened);
                    sink.error(problem);
                }
            });
        });
    }

    /** A loop that ends closes the sockets that it watches, and watches no pipe. */
    private static void closeWithLoop(PipeChannel channel, AsynchronousByteChannel opened) {
        Future<?> end = channel.eventLoop().terminationFuture();
        FutureListener<Object> close = ended -> closeQuietly(opened);
        end.addListener(close);
        channel.closeFuture().addListener(closed -> end.removeListener(close));
    }

    /** ERROR_PIPE_BUSY, which the JDK tells by Windows' words alone, in the language of the machine. */
    private static boolean isBusy(Throwable failure) {
        return failure instanceof FileSystemException
                && !(failure instanceof NoSuchFileException)
                && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("busy");
    }

    private ConnectionFailed missing(NoSuchFileException cause) {
        boolean isWindows = System.getProperty("os.name", "").startsWith("Windows");
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "there is no pipe at " + host,
                isWindows ? "is the Engine running?" : "named pipes are Windows', and this is another system",
                cause);
    }

    private static void closeQuietly(@Nullable Closeable channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException gone) {
            // Nobody had it.
        }
    }
}
