package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.ssh.Ssh;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Reaches an Engine by ssh. One way is opened for all who want to connect at a time, kept until it ends, and then opened again by whoever
 * comes next.
 */
final class SshDialer implements Dialer {

    private final DockerHost.Ssh host;
    private final Ssh.Passage passage;
    private final SshCommand command;
    private final ConnectionSettings settings;
    private final SshLimit limit;
    private final SshHome home = new SshHome();

    private final Object lock = new Object();
    private @Nullable SshWay current;
    private @Nullable Attempt attempt;
    private volatile boolean closed;

    /** A way that is being opened, and for how many. */
    private static final class Attempt {
        private final Sinks.One<SshWay> result = Sinks.one();
        private final Disposable.Swap running = Disposables.swap();
        private int waiting;
    }

    /** @throws IllegalArgumentException if the host is none to be given to ssh */
    SshDialer(DockerHost.Ssh host, SshAccess access, ConnectionSettings settings) {
        this.host = host;
        this.passage = access.settings().passage();
        this.command = new SshCommand(host, access);
        this.settings = settings;
        this.limit = new SshLimit(host, access.settings().loginTimeout());
    }

    @Override
    public Mono<Channel> dial() {
        return way().flatMap(way -> way.dial()
                        // It has just ended, and nothing was sent.
                        .onErrorResume(gone -> !way.isUsable(), gone -> way().flatMap(SshWay::dial)))
                .onErrorMap(failure -> closed, failure -> Failures.clientClosed(host, "connect"));
    }

    /** The way that there is, or else the next one. */
    private Mono<SshWay> way() {
        return Mono.defer(() -> {
            Attempt mine;
            boolean first = false;
            synchronized (lock) {
                SshWay there = current;
                if (there != null && there.isUsable()) {
                    return Mono.just(there);
                }
                mine = attempt;
                if (mine == null) {
                    mine = new Attempt();
                    attempt = mine;
                    first = true;
                }
                mine.waiting++;
            }
            Attempt joined = mine;
            if (first) {
                start(joined);
            }
            return joined.result.asMono().doOnCancel(() -> leave(joined));
        });
    }

    private void start(Attempt opening) {
        Mono<SshWay> way = closed ? Mono.error(Failures.clientClosed(host, "connect")) : open();
        opening.running.update(way.subscribe(
                opened -> {
                    boolean late;
                    synchronized (lock) {
                        late = attempt != opening;
                        if (!late) {
                            current = opened;
                            attempt = null;
                        }
                    }
                    if (late) {
                        // Nobody waits for it any more, and somebody may have begun another.
                        opened.end();
                    }
                    var unused = opening.result.tryEmitValue(opened);
                },
                failure -> {
                    synchronized (lock) {
                        attempt = attempt == opening ? null : attempt;
                    }
                    var unused = opening.result.tryEmitError(failure);
                }));
    }

    /** The last one to lose interest ends the login that is under way. */
    private void leave(Attempt left) {
        synchronized (lock) {
            if (--left.waiting > 0 || attempt != left) {
                return;
            }
            attempt = null;
        }
        left.running.dispose();
    }

    private Mono<SshWay> open() {
        return switch (passage) {
            case FORWARDED ->
                SshForward.open(command, home, settings, limit)
                        .onErrorMap(SshForward.Refused.class, SshForward.Refused::told);
            case DIAL_STDIO -> SshStdio.open(command, home, settings, limit);
            case AUTOMATIC ->
                SshForward.open(command, home, settings, limit)
                        .onErrorResume(
                                SshForward.Refused.class, refused -> SshStdio.open(command, home, settings, limit)
                                        .onErrorMap(
                                                ConnectionFailed.class,
                                                last -> SshFailures.neither(host, refused.told(), last)));
        };
    }

    @Override
    public void close() {
        closed = true;
        home.close();
    }
}
