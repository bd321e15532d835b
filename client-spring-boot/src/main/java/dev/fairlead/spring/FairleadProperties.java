package dev.fairlead.spring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the application's client finds its Engine and talks to it. What is not set here is as {@link dev.fairlead.DockerConfig} has it, and
 * where nothing names the Engine, the environment does so as for {@code docker}.
 *
 * @param host Engine's address, such as unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://user@host. Without a host and a
 *     context the environment names the Engine, as for docker.
 * @param context Name of the docker context that names the Engine. Not together with a host.
 * @param tls How TLS is spoken with the Engine.
 * @param apiVersion API version to use without asking the Engine, such as 1.51. Negotiated unless set.
 * @param connectTimeout How long a connection may take to be made; 10s unless set.
 * @param negotiationTimeout How long it may take to agree with the Engine on an API version; 30s unless set, 0 for no limit.
 * @param responseTimeout How long an answer may take that the Engine gives at once; 2m unless set, 0 for no limit. Never ends a stream.
 * @param pendingTimeout How long a call may wait for a connection; 45s unless set, 0 for no limit.
 * @param maxIdle How long a connection stays open unused; 1m unless set, 0 for ever.
 * @param maxConnections How many connections calls that end may use at a time; 64 unless set.
 * @param maxPendingCalls How many calls may wait for a connection; 10000 unless set.
 * @param maxStreams How many streams, sessions and calls that may take long there may be at a time. No limit unless set.
 * @param eventBuffer How many events may wait for a subscriber that is slower than the Engine; 16384 unless set.
 * @param headers Headers that each request carries, for a proxy in front of the Engine.
 * @param health How the Engine's health is found out.
 */
@ConfigurationProperties("fairlead")
public record FairleadProperties(
        @Nullable String host,
        @Nullable String context,
        @DefaultValue TlsSettings tls,
        @Nullable String apiVersion,
        @Nullable Duration connectTimeout,
        @Nullable Duration negotiationTimeout,
        @Nullable Duration responseTimeout,
        @Nullable Duration pendingTimeout,
        @Nullable Duration maxIdle,
        @Nullable Integer maxConnections,
        @Nullable Integer maxPendingCalls,
        @Nullable Integer maxStreams,
        @Nullable Integer eventBuffer,
        @DefaultValue Map<String, String> headers,
        @DefaultValue HealthSettings health) {

    /** Copies the headers. */
    public FairleadProperties {
        headers = Map.copyOf(headers);
    }

    /** Names no header's value. */
    @Override
    public String toString() {
        return "FairleadProperties[host=" + host + ", context=" + context + ", tls=" + tls + ", headers="
                + headers.keySet() + "]";
    }

    /**
     * How TLS is spoken with the Engine.
     *
     * @param sslBundle Name of the SSL bundle that says whom to trust and who the client is. TLS is spoken if it is set.
     */
    public record TlsSettings(@Nullable String sslBundle) {}

    /**
     * How the Engine's health is found out.
     *
     * @param timeout How long the Engine may take to tell its version before it counts as down.
     */
    public record HealthSettings(@DefaultValue("5s") Duration timeout) {}
}
