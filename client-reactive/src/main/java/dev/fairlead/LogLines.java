package dev.fairlead;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.LinesLost;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.wire.LogReader;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerConfig;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.OutputLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** One reading of a container's log, line by line, over as many connections as it takes. */
final class LogLines {

    private static final String OPERATION = "GET /containers/{id}/logs";

    /** From here on the Engine says by its media type whether output comes in frames. */
    private static final ApiVersion FRAMES_ARE_NAMED = ApiVersion.of(1, 42);

    /** From here on the Engine offers records, and takes no notice of who asks for them before. */
    private static final ApiVersion RECORDS = ApiVersion.of(1, 54);

    private final Http http;
    private final LogLinesOptions options;

    private LogReader reader;
    private String id;
    private @Nullable Boolean tty;
    private boolean records;

    private boolean reached; // The Engine, ever.
    private boolean connected; // To the log, ever.
    private boolean tailIsShort; // More than the tail was written since the first connection.
    private long engineAhead; // By how many milliseconds the Engine's clock is ahead of ours.
    private @Nullable Instant connectedFirst; // By the Engine's clock.
    private long connectedAt;
    private long entriesAtLoss;
    private long newEntriesAtLoss;
    private int failures;
    private @Nullable Long lostAt;

    private LogLines(Http http, String id, LogLinesOptions options) {
        this.http = http;
        this.id = id;
        this.options = options;
        this.reader = newReader();
    }

    private LogReader newReader() {
        return new LogReader(OPERATION, options.maxLineBytes(), options.stdout() && options.stderr());
    }

    static Flux<OutputLine> read(Http http, String id, LogLinesOptions options) {
        inspection(http, id); // A bad id is told at once.
        return Flux.defer(() -> new LogLines(http, id, options).lines());
    }

    private Flux<OutputLine> lines() {
        Reconnect resume = options.resume();
        Flux<OutputLine> read = prepared().thenMany(Flux.defer(() -> connection(options.follow())));
        if (resume != null) {
            read = read.concatWith(Flux.defer(this::afterItsEnd))
                    .retryWhen(Retry.from(
                            signals -> signals.concatMap(signal -> beforeRetry(signal.failure(), resume), 1)));
        }
        return read.concatWith(rest(false))
                .onErrorResume(failure -> rest(true).concatWith(Mono.error(failure)))
                .doOnError(LinesLost.class, lost -> http.gap(OPERATION, LinesLost.class.getSimpleName(), null));
    }

    /** Finds out what has to be known of the container, once. */
    private Mono<Void> prepared() {
        return Mono.defer(() -> reached ? Mono.empty() : http.version().flatMap(this::prepared));
    }

    private Mono<Void> prepared(ApiVersion version) {
        records = version.isAtLeast(RECORDS);
        if (options.resume() == null && version.isAtLeast(FRAMES_ARE_NAMED) && !records) {
            return Mono.empty();
        }
        return inspection(http, id)
                .as(ContainerInspectResponse.class)
                .doOnNext(container -> {
                    ContainerConfig config = container.config();
                    reached = true;
                    tty = config != null && config.tty();
                    // Its name may be another one's by the time of the next connection.
                    id = container.id().isEmpty() ? id : container.id();
                })
                .then();
    }

    private static Request inspection(Http http, String id) {
        return http.get("/containers/{id}/json", id);
    }

    private Flux<OutputLine> connection(boolean follow) {
        boolean again = connected && isTailToCome();
        Request request = http.get("/containers/{id}/logs", id)
                .options(options.toEngine(follow, reader.since(floor()), isTailToCome()));
        if (options.attributes()) {
            request.query("details", true);
        }
        if (records) {
            request.query("format", "json");
        }
        AtomicBoolean decided = new AtomicBoolean(); // By the head of the answer, or by the end of the time for it.
        Flux<OutputLine> lines = request.lines(reader, options.attributes(), tty, engineTime -> {
            boolean inTime = decided.compareAndSet(false, true);
            if (inTime) {
                onConnected(engineTime);
            }
            return inTime;
        });
        Flux<OutputLine> inTime = limited(lines, () -> decided.compareAndSet(false, true));
        return again ? reachingBack(inTime) : inTime;
    }

    /**
     * Whether to ask for the tail: as long as nothing of it has come. A tail of nothing begins with the first connection, and what is
     * written from then on is asked for by its time.
     */
    private boolean isTailToCome() {
        Integer tail = options.tail();
        return tail != null && (!connected || (tail > 0 && reader.first() == null && !tailIsShort));
    }

    /** A tail asked for once more is of a longer log: fails before its first line where it begins after the first connection. */
    private Flux<OutputLine> reachingBack(Flux<OutputLine> tail) {
        return tail.doOnNext(line -> checkTail())
                .doOnComplete(this::checkTail)
                .onErrorMap(failure -> isTailTooShort() ? new TailTooShort() : failure);
    }

    private void checkTail() {
        if (isTailTooShort()) {
            throw new TailTooShort();
        }
    }

    private boolean isTailTooShort() {
        Instant first = reader.first();
        return first != null && connectedFirst != null && first.isAfter(connectedFirst);
    }

    /**
     * Once a connection was lost, an Engine that takes the next one and then says nothing is not waited for any longer than for another
     * answer: whether it is there is what the attempt is to find out.
     *
     * @param late asked when the time is over and nothing was given; false where the answer has begun, which may be quiet
     */
    private <T> Flux<T> limited(Flux<T> answer, BooleanSupplier late) {
        Reconnect resume = options.resume();
        Long since = lostAt;
        Duration limit = resume == null || since == null
                ? Duration.ZERO
                : resume.attemptLimit(http.responseTimeout(), Duration.ofMillis(now() - since));
        if (limit.isZero()) {
            return answer;
        }
        Mono<Long> over = Mono.delay(limit).flatMap(now -> late.getAsBoolean() ? Mono.just(now) : Mono.never());
        return answer.timeout(over)
                .onErrorMap(
                        TimeoutException.class,
                        failure -> new ConnectionFailed(
                                OPERATION, http.host(), "no answer within " + limit.toMillis() + " ms", null, failure));
    }

    /** What is not to be gone behind: where the options begin, or where their tail began. */
    private @Nullable Instant floor() {
        Instant since = options.since();
        if (options.tail() == null || isTailToCome()) {
            return since;
        }
        Instant tail = reader.first() == null ? connectedFirst : reader.first();
        return since != null && (tail == null || since.isAfter(tail)) ? since : tail;
    }

    private void onConnected(Optional<Instant> engineTime) {
        long now = now();
        engineTime.ifPresent(time -> engineAhead = time.toEpochMilli() - now);
        if (!connected) {
            connectedFirst = engineTime.orElse(Instant.ofEpochMilli(now));
        }
        connected = true;
        connectedAt = now;
        lostAt = null;
    }

    /** A followed log ends when its container does; and when the Engine is being stopped, which may have its container go on. */
    private Flux<OutputLine> afterItsEnd() {
        if (!options.follow() || isPast(options.until())) {
            return Flux.empty();
        }
        lost();
        Flux<ContainerInspectResponse> inspected =
                inspection(http, id).as(ContainerInspectResponse.class).flux();
        return limited(inspected, () -> true)
                .concatMap(container -> isRunning(container) ? Flux.error(new StillRunning()) : connection(false), 1)
                // The log had ended, and then the container was removed.
                .onErrorComplete(failure -> failure instanceof NotFound || failure instanceof Conflict);
    }

    private boolean isPast(@Nullable Instant until) {
        // The Engine's time is known to the second.
        return until != null && until.toEpochMilli() < now() + engineAhead + 1000;
    }

    private static boolean isRunning(ContainerInspectResponse container) {
        return container.state() != null
                && (container.state().running() || container.state().restarting());
    }

    /** Completes when it is time for another connection; fails when none would mend it. */
    private Mono<Long> beforeRetry(Throwable failure, Reconnect resume) {
        if (failure instanceof TailTooShort) {
            // None of its lines was given: all are read from the first connection on, which are more.
            lost();
            tailIsShort = true;
            reader = newReader();
            entriesAtLoss = 0;
            newEntriesAtLoss = 0;
            return Mono.just(0L);
        }
        boolean mayMend = reached && (failure instanceof StillRunning || Reconnect.mayMend(failure));
        if (!mayMend) {
            return Mono.error(failure);
        }
        Duration without = Duration.ofMillis(now() - lost());
        if (resume.givesUpAfter(without)) {
            return Mono.error(failure);
        }
        // A log that ends early ends again where it did, and its last line comes again each time: that is no success.
        boolean gaveAnything = failure instanceof StillRunning
                ? reader.newEntries() > newEntriesAtLoss
                : reader.entries() > entriesAtLoss;
        failures = gaveAnything ? 0 : failures;
        entriesAtLoss = reader.entries();
        newEntriesAtLoss = reader.newEntries();
        return http.untilClosed(OPERATION, Mono.delay(resume.waitBefore(failures++, without)));
    }

    /** Since when there has been no connection: since now, unless that was so already. */
    private long lost() {
        Long since = lostAt;
        if (since == null) {
            since = now();
            lostAt = since;
            Reconnect resume = options.resume();
            // One that held is a success too, though nothing was written meanwhile.
            if (connected
                    && resume != null
                    && since - connectedAt >= resume.longestWait().toMillis()) {
                failures = 0;
            }
        }
        return since;
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }

    /** The lines whose ends did not come. */
    private Flux<OutputLine> rest(boolean torn) {
        return Flux.generate(sink -> {
            OutputLine line = reader.end(torn);
            if (line == null) {
                sink.complete();
            } else {
                sink.next(line);
            }
        });
    }

    /** Lines were written between the first connection and those that came. */
    private static final class TailTooShort extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TailTooShort() {
            super("more lines than were asked for were written without a connection", null, false, false);
        }
    }

    /** The log of a container that runs ended in good order. */
    private static final class StillRunning extends RuntimeException {

        private static final long serialVersionUID = 1L;

        StillRunning() {
            super("the log ended and its container still runs", null, false, false);
        }
    }
}
