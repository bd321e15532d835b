package dev.fairlead;

import dev.fairlead.core.host.ContextName;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.http.HeaderRules;
import dev.fairlead.core.proxy.ProxyAddress;
import dev.fairlead.core.proxy.ProxyRules;
import dev.fairlead.core.ssh.Ssh;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.model.ApiVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/**
 * How a {@link DockerClient} finds its Engine and talks to it. Immutable.
 *
 * <p>What is not set here comes from the environment, as it does for {@code docker}: the Engine of {@code DOCKER_HOST}, else of
 * {@code DOCKER_CONTEXT}, else of the current context, else at the usual sockets; {@code DOCKER_TLS_VERIFY},
 * {@code DOCKER_CERT_PATH}, {@code DOCKER_API_VERSION} and {@code DOCKER_CUSTOM_HEADERS}; {@code HTTP_PROXY}, {@code HTTPS_PROXY} and
 * {@code NO_PROXY}; and {@code config.json} for contexts, headers and credentials.
 */
public final class DockerConfig {

    private final @Nullable DockerHost host;
    private final @Nullable String context;
    private final @Nullable Tls tls;
    private final @Nullable ProxyRules proxies;
    private final Ssh ssh;
    private final @Nullable ApiVersion apiVersion;
    private final @Nullable LoopResources eventLoops;
    private final boolean nativeTransport;
    private final Duration connectTimeout;
    private final Duration negotiationTimeout;
    private final Duration responseTimeout;
    private final Retries retries;
    private final int maxConnections;
    private final int maxPendingCalls;
    private final Duration pendingTimeout;
    private final Duration maxIdle;
    private final int maxStreams;
    private final int eventBuffer;
    private final UnsupportedOptions unsupportedOptions;
    private final Map<String, String> headers;
    private final RegistryCredentials credentials;
    private final List<ExchangeFilter> filters;

    private DockerConfig(Builder builder) {
        if (builder.host != null && builder.context != null) {
            throw new IllegalArgumentException("context: a host is given as well, and one of them has to be enough");
        }
        this.context = builder.context;
        String text = builder.hostText;
        // Where there is TLS, an address without a port means another one.
        this.host = text == null ? builder.host : DockerHost.parse(text, builder.tls != null);
        this.tls = builder.tls;
        this.proxies = builder.proxies;
        this.ssh = builder.ssh;
        this.apiVersion = builder.apiVersion;
        this.eventLoops = builder.eventLoops;
        this.nativeTransport = builder.nativeTransport;
        this.connectTimeout = builder.connectTimeout;
        this.negotiationTimeout = builder.negotiationTimeout;
        this.responseTimeout = builder.responseTimeout;
        this.retries = builder.retries;
        this.maxConnections = builder.maxConnections;
        this.maxPendingCalls = builder.maxPendingCalls;
        this.pendingTimeout = builder.pendingTimeout;
        this.maxIdle = builder.maxIdle;
        this.maxStreams = builder.maxStreams;
        this.eventBuffer = builder.eventBuffer;
        this.unsupportedOptions = builder.unsupportedOptions;
        this.headers = Map.copyOf(builder.headers);
        this.credentials = builder.credentials;
        this.filters = List.copyOf(builder.filters);
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The Engine that was chosen, or null when the environment chooses it. */
    public @Nullable DockerHost host() {
        return host;
    }

    /** The name of the context that was chosen, or null when the environment chooses or there is a host. */
    public @Nullable String context() {
        return context;
    }

    /** How TLS is spoken, or null when the host and, where that is not chosen here, the environment decide. */
    public @Nullable Tls tls() {
        return tls;
    }

    /** Which proxy leads to a {@code tcp://} host, or null when the environment decides. */
    public @Nullable ProxyRules proxies() {
        return proxies;
    }

    /** How ssh is called, where the Engine is reached by it. */
    public Ssh ssh() {
        return ssh;
    }

    /** The API version that was chosen, or null when it is negotiated. */
    public @Nullable ApiVersion apiVersion() {
        return apiVersion;
    }

    /** The event loops that were given, or null for those that Reactor Netty's clients share. */
    public @Nullable LoopResources eventLoops() {
        return eventLoops;
    }

    /** Whether epoll or kqueue are used where they are there. */
    public boolean nativeTransport() {
        return nativeTransport;
    }

    /** How long a connection may take to be made. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long it may take to agree with the Engine on an API version; zero for no limit. */
    public Duration negotiationTimeout() {
        return negotiationTimeout;
    }

    /** How long an answer may take that the Engine gives at once; zero for no limit. */
    public Duration responseTimeout() {
        return responseTimeout;
    }

    /** Whether calls are made again that failed because the connection did. */
    public Retries retries() {
        return retries;
    }

    /** How many connections calls that end may use at a time. Streams and sessions have their own and are not counted. */
    public int maxConnections() {
        return maxConnections;
    }

    /** How many calls may wait for a connection. */
    public int maxPendingCalls() {
        return maxPendingCalls;
    }

    /** How long a call may wait for a connection; zero for no limit. */
    public Duration pendingTimeout() {
        return pendingTimeout;
    }

    /** How long a connection stays open unused; zero for ever. */
    public Duration maxIdle() {
        return maxIdle;
    }

    /** How many streams, sessions and calls that may take long there may be at a time. */
    public int maxStreams() {
        return maxStreams;
    }

    /** How many events may wait for a subscriber that is slower than the Engine. */
    public int eventBuffer() {
        return eventBuffer;
    }

    /** What becomes of options that the API version in use does not know. */
    public UnsupportedOptions unsupportedOptions() {
        return unsupportedOptions;
    }

    /** Headers that each request carries. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Where credentials for registries come from. */
    public RegistryCredentials credentials() {
        return credentials;
    }

    /** Who sees each exchange with the Engine, first things first. */
    public List<ExchangeFilter> filters() {
        return filters;
    }

    /** Names no header's value and no credentials. */
    @Override
    public String toString() {
        return "DockerConfig[host=" + host + ", context=" + context + ", tls=" + tls + ", proxies=" + proxies
                + ", apiVersion=" + apiVersion
                + ", nativeTransport=" + nativeTransport + ", maxConnections=" + maxConnections + ", headers="
                + headers.keySet() + "]";
    }

    /** Refuses what may not be sent as a header; the value is not told. */
    static void requireHeader(String name, String value) {
        HeaderRules.check(name, value);
        if (HeaderRules.isOwn(name)) {
            throw new IllegalArgumentException("name is a header that the transport sets itself: " + name);
        }
    }

    /** Collects what a {@link DockerConfig} says. A time of more than 20 days is one of 20 days, which is as long as timers go. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(20);

        private @Nullable DockerHost host;
        private @Nullable String hostText;
        private @Nullable String context;
        private @Nullable Tls tls;
        private @Nullable ProxyRules proxies;
        private Ssh ssh = Ssh.builder().build();
        private @Nullable ApiVersion apiVersion;
        private @Nullable LoopResources eventLoops;
        private boolean nativeTransport = true;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration negotiationTimeout = Duration.ofSeconds(30);
        private Duration responseTimeout = Duration.ofMinutes(2);
        private Retries retries = Retries.none();
        private int maxConnections = 64;
        private int maxPendingCalls = 10_000;
        private Duration pendingTimeout = Duration.ofSeconds(45);
        private Duration maxIdle = Duration.ofMinutes(1);
        private int maxStreams = Integer.MAX_VALUE;
        private int eventBuffer = 16_384;
        private UnsupportedOptions unsupportedOptions = UnsupportedOptions.refuse();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private RegistryCredentials credentials = RegistryCredentials.fromDockerConfig();
        private final List<ExchangeFilter> filters = new ArrayList<>();

        private Builder() {
            headers.put("User-Agent", "fairlead");
        }

        /**
         * The Engine, as {@code DOCKER_HOST} would name it: {@code unix:///var/run/docker.sock}, {@code tcp://127.0.0.1:2375}. A
         * {@code tcp://} host is spoken to in clear, whatever the environment says, unless there is {@link #tls}; an {@code https://}
         * host in TLS.
         *
         * @throws IllegalArgumentException if it is no such address
         */
        public Builder host(String host) {
            this.host = DockerHost.parse(host);
            this.hostText = host;
            return this;
        }

        /** The Engine. */
        public Builder host(DockerHost host) {
            this.host = Objects.requireNonNull(host, "host");
            this.hostText = null;
            return this;
        }

        /**
         * The Engine of a context, as {@code docker --context} would name it: it comes before all that the environment names. Not
         * together with a host. {@code default} is no stored context but {@code DOCKER_HOST}, else the usual places.
         *
         * @param name as {@code docker context ls} lists it; the context is read when the client is made
         * @throws IllegalArgumentException if no context can be called so
         */
        public Builder context(String name) {
            if (!ContextName.isValid(name)) {
                throw new IllegalArgumentException(
                        "name is no context's: a letter or digit, then letters, digits and _.+- are expected");
            }
            this.context = name;
            return this;
        }

        /**
         * Speaks TLS, with these settings and none of the environment's; a {@code tcp://} host without a port is then at 2376. Files are
         * read once, when the client is made.
         */
        public Builder tls(Consumer<Tls.Builder> settings) {
            return tls(Tls.of(settings));
        }

        /** As {@link #tls(Consumer)}, with settings that are there already. */
        public Builder tls(Tls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /**
         * A proxy that leads to the {@code tcp://} host, whatever the environment says: {@code http://user:password@proxy:3128},
         * {@code socks5://proxy:1080}. Other hosts are not reached by one.
         *
         * @throws IllegalArgumentException if it is no such address; nothing of user and password is shown
         */
        public Builder proxy(String proxy) {
            return proxy(ProxyAddress.parse(proxy));
        }

        /** As {@link #proxy(String)}. */
        public Builder proxy(ProxyAddress proxy) {
            this.proxies = ProxyRules.always(proxy);
            return this;
        }

        /** Connects without a proxy, whatever the environment says. */
        public Builder noProxy() {
            this.proxies = ProxyRules.none();
            return this;
        }

        /**
         * How ssh is called where the Engine is at an {@code ssh://} host, wherever that was found. For other hosts it means nothing.
         */
        public Builder ssh(Consumer<Ssh.Builder> settings) {
            return ssh(Ssh.of(settings));
        }

        /** As {@link #ssh(Consumer)}, with settings that are there already. */
        public Builder ssh(Ssh ssh) {
            this.ssh = Objects.requireNonNull(ssh, "ssh");
            return this;
        }

        /** The API version to use without asking the Engine. It wins over {@code DOCKER_API_VERSION}. */
        public Builder apiVersion(ApiVersion version) {
            this.apiVersion = Objects.requireNonNull(version, "version");
            return this;
        }

        /**
         * Runs on these event loops, which stay the caller's to close; so that a server and its Engine share them. A stream stays on the
         * one that it is asked for on. The connections for calls are shared out among as many of them as there are processors, and a call
         * takes one on its caller's where there is one at rest.
         */
        public Builder eventLoops(LoopResources loops) {
            this.eventLoops = Objects.requireNonNull(loops, "loops");
            return this;
        }

        /** Whether epoll or kqueue may be used; true unless said otherwise. Without them the JDK's own sockets serve. */
        public Builder nativeTransport(boolean wanted) {
            this.nativeTransport = wanted;
            return this;
        }

        /** How long a connection may take to be made; 10 s. A proxy and TLS may each take as long once more. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout, "timeout");
            return this;
        }

        /**
         * How long it may take to agree with the Engine on an API version, connecting included; 30 s, zero for no limit. Calls that
         * need it fail then, and the next one asks again.
         */
        public Builder negotiationTimeout(Duration timeout) {
            this.negotiationTimeout = notNegative(timeout, "timeout");
            return this;
        }

        /**
         * How long an answer may take that the Engine gives at once; 2 min, zero for no limit. It never ends what may take long or
         * be quiet: streams, sessions, {@code awaitExit}, {@code stop}, {@code restart}, uploads and downloads.
         */
        public Builder responseTimeout(Duration timeout) {
            this.responseTimeout = notNegative(timeout, "timeout");
            return this;
        }

        /** Whether calls are made again that failed because the connection did; {@link Retries#none()} unless said otherwise. */
        public Builder retries(Retries retries) {
            this.retries = Objects.requireNonNull(retries, "retries");
            return this;
        }

        /** How many connections calls that end may use at a time; 64. */
        public Builder maxConnections(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("connections is " + connections + ": at least 1 is needed");
            }
            this.maxConnections = connections;
            return this;
        }

        /** How many calls may wait for a connection before the next one fails; 10,000. */
        public Builder maxPendingCalls(int calls) {
            if (calls < 0) {
                throw new IllegalArgumentException("calls is negative: " + calls);
            }
            this.maxPendingCalls = calls;
            return this;
        }

        /** How long a call may wait for a connection; 45 s, zero for no limit. */
        public Builder pendingTimeout(Duration timeout) {
            this.pendingTimeout = notNegative(timeout, "timeout");
            return this;
        }

        /** How long a connection stays open unused; 1 min, zero for ever. */
        public Builder maxIdle(Duration idle) {
            this.maxIdle = notNegative(idle, "idle");
            return this;
        }

        /**
         * How many connections there may be beside those of {@link #maxConnections}, at a time: one for each stream, each session,
         * each upload, and each call that may take long or be quiet, such as {@code start}, {@code stop} and {@code awaitExit}. No limit
         * unless one is set; what would be one more fails with {@link dev.fairlead.core.error.ConnectionFailed} at once, since who knows
         * when a stream ends. Only what removes the container of a {@code run} that failed or was cancelled goes beyond.
         *
         * <p>Each takes a file descriptor: 10,000 of them need {@code ulimit -n} raised above that.
         */
        public Builder maxStreams(int streams) {
            if (streams < 1) {
                throw new IllegalArgumentException("streams is " + streams + ": at least 1 is needed");
            }
            this.maxStreams = streams;
            return this;
        }

        /**
         * How many events may wait for a subscriber of {@link EngineSystem#events()} that is slower than the Engine; 16,384. When more
         * do, that stream ends with {@link dev.fairlead.core.error.EventsLost}, and {@link EngineSystem#eventSignals} tells a gap.
         */
        public Builder eventBuffer(int events) {
            if (events < 1) {
                throw new IllegalArgumentException("events is " + events + ": at least 1 is needed");
            }
            this.eventBuffer = events;
            return this;
        }

        /** What becomes of options that the API version in use does not know; they are refused unless said otherwise. */
        public Builder unsupportedOptions(UnsupportedOptions policy) {
            this.unsupportedOptions = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * A header that each request carries, for a proxy in front of the Engine. It comes before one of the same name that
         * {@code DOCKER_CUSTOM_HEADERS} or the {@code HttpHeaders} of {@code config.json} say for the environment's Engine.
         *
         * @throws IllegalArgumentException if the name is no header's or one that the transport sets itself, such as {@code Host} or
         *     {@code Content-Length}, or if the value has a line break, another control character or one beyond ASCII; the value is not told
         */
        public Builder header(String name, String value) {
            requireHeader(name, value);
            headers.put(name, value);
            return this;
        }

        /** Where credentials for registries come from; {@link RegistryCredentials#fromDockerConfig()} unless said otherwise. */
        public Builder credentials(RegistryCredentials credentials) {
            this.credentials = Objects.requireNonNull(credentials, "credentials");
            return this;
        }

        /**
         * Sees each exchange with the Engine, and may add headers; after those that were given before.
         */
        public Builder filter(ExchangeFilter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /** Builds it. */
        public DockerConfig build() {
            return new DockerConfig(this);
        }

        private static Duration positive(Duration value, String name) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " is not positive: " + value);
            }
            return capped(value);
        }

        private static Duration notNegative(Duration value, String name) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " is negative: " + value);
            }
            return capped(value);
        }

        private static Duration capped(Duration value) {
            return value.compareTo(LONGEST) > 0 ? LONGEST : value;
        }
    }
}
