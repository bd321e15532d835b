package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import io.netty.channel.Channel;
import java.io.EOFException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A login for each connection, which runs what {@code docker} itself runs for it. */
final class SshStdio implements SshWay {

    private final SshCommand command;
    private final SshHome home;
    private final ConnectionSettings settings;

    private SshStdio(SshCommand command, SshHome home, ConnectionSettings settings) {
        this.command = command;
        this.home = home;
        this.settings = settings;
    }

    /** Tries it once; emits when the Engine has answered. */
    static Mono<SshWay> open(SshCommand command, SshHome home, ConnectionSettings settings, SshLimit limit) {
        return Mono.defer(() -> {
            SshStdio way = new SshStdio(command, home, settings);
            SshProcess process = new SshProcess(command, command.dialStdio());
            return way.dial(process)
                    .flatMap(SshProbe::on)
                    .onErrorMap(
                            EOFException.class,
                            silent -> SshFailures.dialStdio(
                                    command.host(),
                                    process.exit().getNow(0),
                                    process.words().since(0)))
                    .<SshWay>thenReturn(way)
                    .transform(login -> limit.on(login, process));
        });
    }

    @Override
    public Mono<Channel> dial() {
        return Mono.defer(() -> dial(new SshProcess(command, command.dialStdio())));
    }

    private Mono<Channel> dial(SshProcess process) {
        return Mono.fromCallable(() -> {
                    Path path = home.newSocket();
                    SshRelay relay = SshRelay.open(process, home, path);
                    return new Opened(path, relay);
                })
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(opened -> Dialers.toSocket(opened.path(), settings)
                        .dial()
                        .doOnError(refused -> opened.relay().forget())
                        .doOnCancel(opened.relay()::forget))
                .doOnNext(channel -> {
                    CompletableFuture<Integer> status = new CompletableFuture<>();
                    channel.closeFuture().addListener(closed -> {
                        // The relay has waited for it, and what has not ended by now has not failed.
                        status.complete(process.exit().getNow(0));
                        process.end();
                    });
                    SshEnd.watch(
                            channel, heard -> Mono.fromFuture(status).mapNotNull(known -> failure(process, known)));
                })
                .doOnError(failure -> process.end())
                .doOnCancel(process::end);
    }

    private record Opened(Path path, SshRelay relay) {}

    private @Nullable ConnectionFailed failure(SshProcess process, int status) {
        return status == 0
                ? null
                : SshFailures.dialStdio(command.host(), status, process.words().since(0));
    }

    @Override
    public boolean isUsable() {
        return true;
    }

    @Override
    public void end() {
        // Each connection's process ends with its channel.
    }
}
