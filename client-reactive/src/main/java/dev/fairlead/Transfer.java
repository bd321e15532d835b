package dev.fairlead;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.transfer.ProgressTracker;
import dev.fairlead.core.transfer.TransferFacts;
import dev.fairlead.internal.Request;
import dev.fairlead.internal.Snapshots;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.TransferProgress;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An image or a plugin on its way: a pull, a push, a build or a load, with its progress and its result.
 *
 * <p>Nothing happens until one of its publishers is subscribed to, and <b>each subscription does the whole operation</b>: to see progress
 * and get the result of one and the same, take {@link #signals()} or {@link #result(Consumer)}.
 *
 * <p>That it has succeeded, and what came of it, hangs on no wording of the Engine's: it is read from fields of their own, or the Engine
 * is asked for it afterwards. What stands in a sentence only, such as the digest of a pull, is taken if it has the form of one and the
 * Engine, asked for the image, has it. All publishers but {@link #messages()} fail with
 *
 * <ul>
 *   <li>{@link StreamFailed}, with the Engine's code, when the Engine says anywhere among its messages that it gave up,
 *   <li>{@link ProtocolFailure} when the messages end and there is no result,
 *   <li>whatever else the operation and, where the result has to be asked for, the question fail with.
 * </ul>
 *
 * <p>Cancelling closes the connection, and the Engine stops, unless it does the same pull for somebody else too. Once the Engine has done
 * its part, cancelling only gives up asking for the result.
 *
 * <p>Of a build with BuildKit the snapshots tell nothing: its progress is in a form of its own, which {@link #messages()} has.
 *
 * @param <T> the result
 */
public final class Transfer<T> {

    private final Request request;
    private final Flux<? extends TransferMessage> messages;
    private final Supplier<TransferFacts> facts;
    private final Function<TransferFacts, Mono<T>> result;

    /** @param result finds the result when all messages are there; empty if there is none */
    Transfer(
            Request request,
            Class<? extends TransferMessage> type,
            Supplier<TransferFacts> facts,
            Function<TransferFacts, Mono<T>> result) {
        this.request = request;
        this.messages = request.messages(type);
        this.facts = facts;
        this.result = result;
    }

    /** Does it and gives the result. What the Engine says meanwhile is read as it comes, and nothing of it is kept. */
    public Mono<T> result() {
        return Mono.defer(() -> {
            TransferFacts seen = facts.get();
            return messages.doOnNext(seen::add).then(Mono.defer(() -> resultOf(seen)));
        });
    }

    /**
     * Does it and gives the result; the argument is called with each new snapshot on the way.
     *
     * @param progress called by the thread that reads the messages, one call after the other, so it must not block: a slow reader takes
     *     {@link #signals()}
     */
    public Mono<T> result(Consumer<? super TransferProgress> progress) {
        return Mono.defer(() -> {
            TransferFacts seen = facts.get();
            ProgressTracker tracker = new ProgressTracker();
            return messages.doOnNext(message -> {
                        seen.add(message);
                        tracker.add(message);
                        progress.accept(tracker.snapshot());
                    })
                    .then(Mono.defer(() -> resultOf(seen)));
        });
    }

    /**
     * Does it and tells how far it is; completes when there is a result.
     *
     * @return snapshots, each of all that is known. The Engine's messages are read as they come, however slow the subscriber is, and
     *     added up: so it gets fewer snapshots, but never an old one, and the last one always. What is held for it is one snapshot. An
     *     error does not wait for a snapshot to be taken
     */
    public Flux<TransferProgress> progress() {
        return Flux.defer(() -> {
            TransferFacts seen = facts.get();
            return snapshots(seen).concatWith(Mono.defer(() -> resultOf(seen)).then(Mono.<TransferProgress>empty()));
        });
    }

    /** Does it and tells both how far it is, as {@link #progress()} does, and as the last signal the result. */
    public Flux<TransferSignal<T>> signals() {
        return Flux.defer(() -> {
            TransferFacts seen = facts.get();
            return snapshots(seen)
                    .<TransferSignal<T>>map(TransferSignal.Progress::new)
                    .concatWith(Mono.defer(() -> resultOf(seen)).map(TransferSignal.Done::new));
        });
    }

    /**
     * Does it and gives the Engine's messages one by one, as {@link dev.fairlead.model.CreateImageInfo} of a pull,
     * {@link dev.fairlead.model.PushImageInfo} of a push and {@link dev.fairlead.model.BuildInfo} of a build or a load: for the output of
     * a build.
     *
     * @return what the Engine says; completes when it has no more to say, and whether there is a result is not looked at. Fails with
     *     {@link StreamFailed} when the Engine gives up. Demand reaches the socket, so a subscriber that takes nothing holds up the
     *     operation; a few kilobytes are read ahead
     */
    public Flux<TransferMessage> messages() {
        return messages.cast(TransferMessage.class);
    }

    private Flux<TransferProgress> snapshots(TransferFacts seen) {
        return new Snapshots(messages.doOnNext(seen::add));
    }

    private Mono<T> resultOf(TransferFacts seen) {
        // An image that was here before proves nothing about an Engine that said nothing.
        Mono<T> found = seen.isEmpty() ? Mono.empty() : result.apply(seen);
        return found.switchIfEmpty(Mono.error(request::withoutResult));
    }
}
