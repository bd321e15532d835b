package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import io.netty.channel.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** One login that leads from a socket of this machine to that of the Engine: each connection is one to the socket here. */
final class SshForward implements SshWay {

    /** It is there as soon as the login is. */
    private static final Retry UNTIL_THERE =
            Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(5)).maxBackoff(Duration.ofMillis(50));

    /** ssh takes up connections one by one, and the kernel keeps few waiting. */
    private static final Retry WHILE_BUSY = Retry.backoff(1000, Duration.ofMillis(2))
            .maxBackoff(Duration.ofMillis(50))
            .filter(SshForward::isBusy)
            .onRetryExhaustedThrow((retry, last) -> last.failure());

    /** For ssh's word on why a connection came to nothing, which it closes first. */
    private static final Duration WORD = Duration.ofMillis(50);

    /** For an Engine that has just ended a connection to answer on another. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** For an ssh that has lost its login to end, once it leads nowhere. */
    private static final Duration LAST_BREATH = Duration.ofMillis(500);

    /** It was logged in, and the Engine's socket could not be reached. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ConnectionFailed told;

        Refused(ConnectionFailed told) {
            super(told.getMessage(), told);
            this.told = told;
        }

        ConnectionFailed told() {
            return told;
        }
    }

    private final SshCommand command;
    private final SshProcess process;
    private final Path path;
    private final Dialer sockets;
    private volatile boolean ended;

    private SshForward(SshCommand command, SshProcess process, Path path, Dialer sockets) {
        this.command = command;
        this.process = process;
        this.path = path;
        this.sockets = sockets;
    }

    /**
     * Logs in; emits when the Engine has answered by this way. Fails with {@link Refused} where another way may still do. What is
     * cancelled or fails is ended.
     */
    static Mono<SshWay> open(SshCommand command, SshHome home, ConnectionSettings settings, SshLimit limit) {
        return Mono.fromCallable(home::newSocket)
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(path -> {
                    if (!command.canForward(path)) {
                        return Mono.error(new Refused(SshFailures.noSocket(
                                command.host(), command.remoteSocket(), "a path is not one for ssh to forward")));
                    }
                    SshForward way = new SshForward(
                            command,
                            new SshProcess(command, command.forward(path)),
                            path,
                            Dialers.toSocket(path, settings));
                    return way.login(home).transform(login -> limit.on(login, way.process));
                });
    }

    private Mono<SshWay> login(SshHome home) {
        var unused = process.exit().whenComplete((status, failure) -> SshHome.delete(path));
        Mono<SshWay> started =
                Mono.<SshWay>fromRunnable(() -> home.start(process)).subscribeOn(Schedulers.boundedElastic());
        Mono<SshWay> reached =
                sockets.dial().retryWhen(UNTIL_THERE).flatMap(this::probe).thenReturn(this);
        Mono<SshWay> failed = process.exited().flatMap(status -> Mono.error(failure(status)));
        return started.then(Mono.firstWithSignal(reached, failed)).doOnError(failure -> end());
    }

    /** ssh closes a connection that leads nowhere; one that ends because ssh does is told by that end. */
    private Mono<Void> probe(Channel channel) {
        return SshProbe.on(channel).onErrorResume(closed -> Mono.delay(WORD)
                .then(Mono.defer(() -> process.isAlive()
                        ? Mono.error(new Refused(SshFailures.noSocket(
                                command.host(),
                                command.remoteSocket(),
                                process.words().since(0))))
                        : Mono.never())));
    }

    private Throwable failure(int status) {
        String words = process.words().since(0);
        ConnectionFailed told = SshFailures.login(command.host(), status, words);
        return words.contains("forwarding") || words.contains("unix_listener") ? new Refused(told) : told;
    }

    @Override
    public Mono<Channel> dial() {
        long mark = process.words().mark();
        return sockets.dial()
                .retryWhen(WHILE_BUSY)
                .doOnError(SshForward::isGone, gone -> end())
                .doOnNext(channel -> SshEnd.watch(channel, heard -> why(heard, mark)));
    }

    /**
     * Whether the channel ended because the login did. A login that ends closes its connections and its socket in no certain order:
     * only the Engine's answer to another connection proves that there still is one.
     */
    private Mono<ConnectionFailed> why(boolean heard, long mark) {
        return sockets.dial()
                .flatMap(SshProbe::on)
                .thenReturn(true)
                .timeout(ANSWER, Mono.just(true))
                .onErrorReturn(false)
                .flatMap(answered -> answered
                        ? nothingLost(heard, mark)
                        : process.exited()
                                .map(Optional::of)
                                .timeout(LAST_BREATH, Mono.just(Optional.empty()))
                                .flatMap(status -> status.isPresent() ? lost() : nothingLost(heard, mark)));
    }

    private Mono<ConnectionFailed> lost() {
        end();
        return Mono.just(SshFailures.lost(command.host(), process.words().since(0)));
    }

    private Mono<ConnectionFailed> nothingLost(boolean heard, long mark) {
        return heard ? Mono.empty() : Mono.delay(WORD).flatMap(waited -> unheard(mark));
    }

    private Mono<ConnectionFailed> unheard(long mark) {
        String words = process.words().since(mark);
        return words.contains("open failed")
                ? Mono.just(SshFailures.noSocket(command.host(), command.remoteSocket(), words))
                : Mono.empty();
    }

    private static boolean isBusy(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("temporarily unavailable") || text.contains("EAGAIN");
    }

    /** Nobody listens there. Anything else, such as too many open files, says nothing about the login. */
    private static boolean isGone(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("refused") || text.contains("no such file");
    }

    @Override
    public boolean isUsable() {
        return !ended && process.isAlive();
    }

    @Override
    public void end() {
        ended = true;
        process.end();
    }
}
