package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.host.HostResolver;
import dev.fairlead.core.host.ResolvedHost;
import dev.fairlead.core.proxy.ProxyAddress;
import dev.fairlead.core.proxy.ProxyRules;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.core.tls.TlsContext;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.Credentials;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Negotiator;
import dev.fairlead.internal.transport.ConnectionSettings;
import dev.fairlead.internal.transport.SshAccess;
import dev.fairlead.internal.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * What a client reaches its Engine by, made from its configuration and its environment.
 *
 * @param transport shared by all views of a client
 * @param http where the groups send their requests
 * @param description what was chosen, and by what
 * @param eventBuffer how many events may wait for a subscriber
 * @param responseTimeout of calls that the Engine answers at once
 */
record EngineAccess(
        Transport transport, Http http, ClientDescription description, int eventBuffer, Duration responseTimeout) {

    private static final Logger LOG = Loggers.getLogger(DockerClient.class);

    /** Finds the Engine and reads the files that say how it is reached; connects nothing. */
    static EngineAccess of(DockerConfig config, Environment environment) {
        ResolvedHost resolved = HostResolver.resolve(config.host(), config.context(), config.tls(), environment);
        DockerHost host = resolved.host();
        Tls tls = resolved.tls();
        TlsContext loaded = tls == null ? null : tls.load();
        String basePath = host instanceof DockerHost.Tcp tcp ? tcp.basePath() : "";
        ConnectionSettings settings = new ConnectionSettings(
                host,
                config.eventLoops(),
                config.nativeTransport(),
                config.connectTimeout(),
                config.responseTimeout(),
                config.maxConnections(),
                config.maxPendingCalls(),
                config.pendingTimeout(),
                config.maxIdle(),
                config.maxStreams(),
                loaded,
                proxy(config, host, environment),
                new SshAccess(config.ssh(), environment));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(resolved.headers().values());
        headers.putAll(config.headers());
        Transport transport = new Transport(settings, Filters.of(config.filters(), headers.keySet(), host, basePath));
        resolved.passedOver().forEach(what -> LOG.info("Passed over: {}", what));
        Http http = new Http(
                transport,
                new Negotiator(
                        transport,
                        basePath,
                        headers,
                        Negotiation.fixed(config.apiVersion(), environment),
                        config.negotiationTimeout()),
                basePath,
                headers,
                config.unsupportedOptions().dropped(),
                new Credentials(config.credentials()::forRegistry, () -> config.credentials()
                        .all()
                        .filter(all -> !all.isEmpty())
                        .map(RegistryCredentials::encode)),
                config.retries().start());
        ClientDescription description = new ClientDescription(
                host,
                resolved.source(),
                resolved.context(),
                words(tls, loaded),
                tls == null ? null : tls.material(),
                null,
                Negotiation.chosenBy(config.apiVersion(), environment),
                List.copyOf(headers.keySet()),
                environment.configFolder(),
                resolved.passedOver());
        return new EngineAccess(transport, http, description, config.eventBuffer(), config.responseTimeout());
    }

    EngineAccess withResponseTimeout(Duration timeout) {
        return new EngineAccess(transport, http.withResponseTimeout(timeout), description, eventBuffer, timeout);
    }

    /** In words, whom TLS makes sure of. */
    private static String words(@Nullable Tls tls, @Nullable TlsContext loaded) {
        if (tls == null || loaded == null) {
            return "off";
        }
        if (!tls.isVerified()) {
            return loaded.hasCertificate()
                    ? "on, the Engine not verified, with a client certificate"
                    : "on, not verified";
        }
        return loaded.hasCertificate() ? "mutual" : "server verified";
    }

    /** The environment's count for each host, wherever that came from: so it is for Docker's own clients. */
    private static @Nullable ProxyAddress proxy(DockerConfig config, DockerHost host, Environment environment) {
        ProxyRules rules = config.proxies() != null ? config.proxies() : ProxyRules.ofEnvironment(environment);
        return host instanceof DockerHost.Tcp tcp ? rules.proxyFor(tcp) : null;
    }
}
