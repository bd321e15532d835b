package dev.fairlead.internal;

import dev.fairlead.core.tar.TarUnpacker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Unpacks a tar on threads that may wait for a disk, a piece at a time: the next one is asked for when the last one was written. */
public final class Unpacking {

    private Unpacking() {}

    /**
     * Unpacks a tar each time it is subscribed to. Cancelling ends it, with what was made so far.
     *
     * @param unpacker makes the unpacker, where blocking is allowed
     * @param result what to tell in the end
     */
    public static <T> Mono<T> of(
            Publisher<ByteBuffer> tar, Callable<TarUnpacker> unpacker, Function<TarUnpacker, T> result) {
        return Mono.usingWhen(
                onDisk(unpacker),
                open -> Flux.from(tar)
                        .concatMap(piece -> onDisk(() -> unpack(open, piece)), 1)
                        .then(onDisk(() -> {
                            open.finish();
                            return result.apply(open);
                        })),
                Unpacking::close);
    }

    private static boolean unpack(TarUnpacker open, ByteBuffer piece) throws IOException {
        try {
            open.unpack(piece);
            return true;
        } catch (ClosedChannelException cancelled) {
            // By the close of a cancel, or its interrupt: nobody waits for what comes of it.
            return false;
        }
    }

    private static Mono<Void> close(TarUnpacker open) {
        return onDisk(() -> {
                    open.close();
                    return true;
                })
                .then();
    }

    private static <T> Mono<T> onDisk(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }
}
