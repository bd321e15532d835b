package dev.fairlead.internal;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.tar.TarUnpacker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Unpacks a tar on threads that may wait for a disk, a piece at a time: the next one is asked for when the last one was written. */
public final class Unpacking {

    /** As much as an Engine may say of its failure behind what it has packed. */
    private static final int LONGEST_ERROR = 8 * 1024;

    private final TarUnpacker unpacker;
    /** Said when all has come: it may be the Engine's own error that looks like no tar, and that is told by the tar's source. */
    private @Nullable ProtocolFailure noTar;

    private long ignored;

    private Unpacking(TarUnpacker unpacker) {
        this.unpacker = unpacker;
    }

    /**
     * Unpacks a tar each time it is subscribed to. Cancelling ends it, with what was made so far.
     *
     * @param unpacker makes the unpacker, where blocking is allowed
     * @param result what to tell in the end
     */
    public static <T> Mono<T> of(
            Publisher<ByteBuffer> tar, Callable<TarUnpacker> unpacker, Function<TarUnpacker, T> result) {
        return Mono.usingWhen(
                onDisk(() -> new Unpacking(unpacker.call())),
                open -> Flux.from(tar)
                        .concatMap(piece -> onDisk(() -> open.unpack(piece)), 1)
                        .then(onDisk(() -> {
                            open.finish();
                            return result.apply(open.unpacker);
                        })),
                Unpacking::close);
    }

    private boolean unpack(ByteBuffer piece) throws IOException {
        if (noTar != null) {
            ignored += piece.remaining();
            if (ignored > LONGEST_ERROR) {
                throw noTar;
            }
            return true;
        }
        try {
            unpacker.unpack(piece);
            return true;
        } catch (ProtocolFailure failure) {
            noTar = failure;
            return true;
        } catch (ClosedChannelException cancelled) {
            // By the close of a cancel, or its interrupt: nobody waits for what comes of it.
            return false;
        }
    }

    private void finish() throws IOException {
        if (noTar != null) {
            throw noTar;
        }
        unpacker.finish();
    }

    private Mono<Void> close() {
        return onDisk(() -> {
                    unpacker.close();
                    return true;
                })
                .then();
    }

    private static <T> Mono<T> onDisk(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }
}
