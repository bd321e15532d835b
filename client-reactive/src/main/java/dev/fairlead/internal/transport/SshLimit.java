package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** How long a login may take. What takes longer, or is not wanted any more, is ended. */
record SshLimit(DockerHost.Ssh host, Duration limit) {

    <T> Mono<T> on(Mono<T> login, SshProcess process) {
        return login.timeout(
                        limit,
                        Mono.error(() ->
                                SshFailures.tooSlow(host, limit, process.words().since(0))))
                .doOnError(failure -> process.end())
                .doOnCancel(process::end);
    }
}
