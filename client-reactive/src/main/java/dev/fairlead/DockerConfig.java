package dev.fairlead;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.model.ApiVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/**
 * How a {@link DockerClient} finds its Engine and talks to it. Immutable.
 *
 * <p>What is not set here comes from the environment, as it does for {@code docker}: {@code DOCKER_HOST},
 * {@code DOCKER_TLS_VERIFY}, {@code DOCKER_CERT_PATH} and {@code DOCKER_API_VERSION}, else the Engine's usual sockets;
 * and {@code config.json} for credentials.
 */
public final class DockerConfig {

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "connection", "upgrade", "content-length", "content-type", "transfer-encoding");

    private final @Nullable DockerHost host;
    private final @Nullable Tls tls;
    private final @Nullable ApiVersion apiVersion;
    private final @Nullable LoopResources eventLoops;
    private final boolean nativeTransport;
    private final Duration connectTimeout;
    private final Duration responseTimeout;
    private final int maxConnections;
    private final int maxPendingCalls;
    private final Duration pendingTimeout;
    private final Duration maxIdle;
    private final int maxStreams;
    private final int eventBuffer;
    private final UnsupportedOptions unsupportedOptions;
    private final Map<String, String> headers;
    private final RegistryCredentials credentials;

    private DockerConfig(Builder builder) {
        String text = builder.hostText;
        // Where there is TLS, an address without a port means another one.
        this.host = text == null ? builder.host : DockerHost.parse(text, builder.tls != null);
        this.tls = builder.tls;
        this.apiVersion = builder.apiVersion;
        this.eventLoops = builder.eventLoops;
        this.nativeTransport = builder.nativeTransport;
        this.connectTimeout = builder.connectTimeout;
        this.responseTimeout = builder.responseTimeout;
        this.maxConnections = builder.maxConnections;
        this.maxPendingCalls = builder.maxPendingCalls;
        this.pendingTimeout = builder.pendingTimeout;
        this.maxIdle = builder.maxIdle;
        this.maxStreams = builder.maxStreams;
        this.eventBuffer = builder.eventBuffer;
        this.unsupportedOptions = builder.unsupportedOptions;
        this.headers = Map.copyOf(builder.headers);
        this.credentials = builder.credentials;
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The Engine that was chosen, or null when the environment chooses it. */
    public @Nullable DockerHost host() {
        return host;
    }

    /** How TLS is spoken, or null when the host and, where that is not chosen here, the environment decide. */
    public @Nullable Tls tls() {
        return tls;
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

    /** How long an answer may take that the Engine gives at once; zero for no limit. */
    public Duration responseTimeout() {
        return responseTimeout;
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

    /** Names no header's value and no credentials. */
    @Override
    public String toString() {
        return "DockerConfig[host=" + host + ", tls=" + tls + ", apiVersion=" + apiVersion + ", nativeTransport="
                + nativeTransport + ", maxConnections=" + maxConnections + ", headers=" + headers.keySet() + "]";
    }

    /** Collects what a {@link DockerConfig} says. */
    public static final class Builder {

        private @Nullable DockerHost host;
        private @Nullable String hostText;
        private @Nullable Tls tls;
        private @Nullable ApiVersion apiVersion;
        private @Nullable LoopResources eventLoops;
        private boolean nativeTransport = true;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration responseTimeout = Duration.ofMinutes(2);
        private int maxConnections = 64;
        private int maxPendingCalls = 10_000;
        private Duration pendingTimeout = Duration.ofSeconds(45);
        private Duration maxIdle = Duration.ofMinutes(1);
        private int maxStreams = Integer.MAX_VALUE;
        private int eventBuffer = 16_384;
        private UnsupportedOptions unsupportedOptions = UnsupportedOptions.refuse();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private RegistryCredentials credentials = RegistryCredentials.fromDockerConfig();

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

        /** The API version to use without asking the Engine. It wins over {@code DOCKER_API_VERSION}. */
        public Builder apiVersion(ApiVersion version) {
            this.apiVersion = Objects.requireNonNull(version, "version");
            return this;
        }

        /** Runs on these event loops, which stay the caller's to close; so that a server and its Engine share them. */
        public Builder eventLoops(LoopResources loops) {
            this.eventLoops = Objects.requireNonNull(loops, "loops");
            return this;
        }

        /** Whether epoll or kqueue may be used; true unless said otherwise. Without them the JDK's own sockets serve. */
        public Builder nativeTransport(boolean wanted) {
            this.nativeTransport = wanted;
            return this;
        }

        /** How long a connection may take to be made; 10 s. TLS may take as long once more for its handshake. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout, "timeout");
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
         * when a stream ends.
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
         * A header that each request carries, for a proxy in front of the Engine.
         *
         * @throws IllegalArgumentException if the name is no header's or one that the transport sets itself, such as {@code Host} or
         *     {@code Content-Length}, or if the value has a line break, another control character or one beyond ASCII; the value is not told
         */
        public Builder header(String name, String value) {
            if (!HEADER_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("name is no header's: " + name);
            }
            if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("name is a header that the transport sets itself: " + name);
            }
            if (value.chars().anyMatch(character -> Character.isISOControl(character) && character != '\t')) {
                throw new IllegalArgumentException("value of the header " + name + " has a control character");
            }
            if (value.chars().anyMatch(character -> character > '~')) {
                throw new IllegalArgumentException(
                        "value of the header " + name + " has a character that is not of ASCII");
            }
            headers.put(name, value);
            return this;
        }

        /** Where credentials for registries come from; {@link RegistryCredentials#fromDockerConfig()} unless said otherwise. */
        public Builder credentials(RegistryCredentials credentials) {
            this.credentials = Objects.requireNonNull(credentials, "credentials");
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
            return value;
        }

        private static Duration notNegative(Duration value, String name) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " is negative: " + value);
            }
            return value;
        }
    }
}
