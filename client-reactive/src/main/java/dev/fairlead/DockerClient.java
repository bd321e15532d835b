package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.host.HostResolver;
import dev.fairlead.core.host.ResolvedHost;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.Credentials;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Negotiator;
import dev.fairlead.internal.transport.ConnectionSettings;
import dev.fairlead.internal.transport.Transport;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.Requirements;
import dev.fairlead.model.SessionOptions;
import dev.fairlead.model.Versioned;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * A Docker Engine. Its operations stand in groups, named as Docker's own: {@code docker.containers().start(id)}.
 *
 * <p>Nothing is sent before a publisher is subscribed to, and it is sent again at each subscription; nothing blocks. Values come on
 * an event loop, which must not be blocked either. One client serves a whole program: it is immutable, thread-safe and has no thread
 * of its own.
 *
 * <p>The API version is negotiated when the first call needs it: the newest that both sides know, from 1.40 on.
 */
public final class DockerClient implements AutoCloseable {

    private final Transport transport;
    private final Http http;

    private final Containers containers;
    private final Execs execs;
    private final Images images;
    private final Networks networks;
    private final Volumes volumes;
    private final EngineSwarm swarm;
    private final Nodes nodes;
    private final Services services;
    private final Tasks tasks;
    private final Secrets secrets;
    private final Configs configs;
    private final Plugins plugins;
    private final Distribution distribution;
    private final EngineSystem system;

    private DockerClient(DockerConfig config, Environment environment) {
        ResolvedHost resolved = HostResolver.resolve(config.host(), config.tls(), environment);
        DockerHost host = resolved.host();
        Tls tls = resolved.tls();
        String basePath = host instanceof DockerHost.Tcp tcp ? tcp.basePath() : "";
        this.transport = new Transport(
                new ConnectionSettings(
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
                        tls == null ? null : tls.load()),
                Filters.of(config, host, basePath));
        Map<String, String> headers = config.headers();
        this.http = new Http(
                transport,
                new Negotiator(transport, basePath, headers, Negotiation.fixed(config.apiVersion(), environment)),
                basePath,
                headers,
                config.unsupportedOptions().dropped(),
                new Credentials(config.credentials()::forRegistry, () -> config.credentials()
                        .all()
                        .filter(all -> !all.isEmpty())
                        .map(RegistryCredentials::encode)));
        this.execs = new Execs(http);
        this.containers = new Containers(http);
        this.images = new Images(http);
        this.networks = new Networks(http);
        this.volumes = new Volumes(http);
        this.swarm = new EngineSwarm(http);
        this.nodes = new Nodes(http);
        this.services = new Services(http);
        this.tasks = new Tasks(http);
        this.secrets = new Secrets(http);
        this.configs = new Configs(http);
        this.plugins = new Plugins(http);
        this.distribution = new Distribution(http);
        this.system = new EngineSystem(http, config.eventBuffer(), config.responseTimeout());
    }

    /**
     * The Engine that the environment names, else the one at the usual places. Contexts are not read yet. Where TLS is spoken, its
     * files are read here, which blocks for a moment, and not again.
     *
     * @throws dev.fairlead.core.error.ConnectionFailed if the environment names no Engine and there is none at the usual places; it
     *     lists what was tried
     * @throws IllegalArgumentException if {@code DOCKER_HOST} or {@code DOCKER_API_VERSION} can't be read, or a certificate or key of
     *     TLS is missing, damaged or encrypted; it names which
     */
    public static DockerClient create() {
        return create(DockerConfig.builder().build());
    }

    /** As {@link #create()}, with what the configuration says instead of the environment. */
    public static DockerClient create(Consumer<DockerConfig.Builder> configuration) {
        DockerConfig.Builder builder = DockerConfig.builder();
        configuration.accept(builder);
        return create(builder.build());
    }

    /** As {@link #create()}, with what the configuration says instead of the environment. */
    public static DockerClient create(DockerConfig config) {
        return create(config, Environment.ofProcess());
    }

    /** As {@link #create(DockerConfig)}, in this environment and not that of the process. */
    static DockerClient create(DockerConfig config, Environment environment) {
        return new DockerClient(config, environment);
    }

    /** Containers: their life, their output, their processes. */
    public Containers containers() {
        return containers;
    }

    /** Programs that are run in a container beside its own. */
    public Execs execs() {
        return execs;
    }

    /** Images. */
    public Images images() {
        return images;
    }

    /** Networks, and which containers are on them. */
    public Networks networks() {
        return networks;
    }

    /** Volumes: data that outlive containers. */
    public Volumes volumes() {
        return volumes;
    }

    /** The swarm that the Engine is a node of. */
    public EngineSwarm swarm() {
        return swarm;
    }

    /** The machines of the swarm. */
    public Nodes nodes() {
        return nodes;
    }

    /** What the swarm keeps running. */
    public Services services() {
        return services;
    }

    /** The single containers that services are made of. */
    public Tasks tasks() {
        return tasks;
    }

    /** What the swarm keeps for its containers and shows to nobody else. */
    public Secrets secrets() {
        return secrets;
    }

    /** Small files that the swarm keeps for its containers. */
    public Configs configs() {
        return configs;
    }

    /** Plugins that the Engine manages itself. */
    public Plugins plugins() {
        return plugins;
    }

    /** What registries say of images, asked through the Engine. */
    public Distribution distribution() {
        return distribution;
    }

    /** The Engine itself. */
    public EngineSystem system() {
        return system;
    }

    /**
     * Offers a session to BuildKit: files, secrets and credentials for builds that name it. Engine operation {@code Session}.
     *
     * <p>Emits when the Engine has taken it. The connection then speaks HTTP/2 in clear, the Engine being the client: it speaks first.
     *
     * @param id of the session, by which a build names it
     */
    public Mono<RawConnection> session(String id) {
        return session(id, options -> {});
    }

    /** As {@link #session(String)}, with a name, or with the methods that may be called. */
    public Mono<RawConnection> session(String id, Consumer<SessionOptions.Builder> options) {
        return http.post("/session")
                .options(SessionOptions.of(id, options))
                .upgraded("h2c")
                .map(RawConnection::new);
    }

    /**
     * A connection to BuildKit's own interface. Engine operation {@code Grpc}. It then speaks HTTP/2 in clear, the Engine being the
     * server.
     */
    public Mono<RawConnection> grpc() {
        return http.post("/grpc").upgraded("h2c").map(RawConnection::new);
    }

    /** The Engine's address. */
    public DockerHost host() {
        return transport.host();
    }

    /** The API version that calls are made with; negotiated now if no call was made yet. */
    public Mono<ApiVersion> apiVersion() {
        return http.version();
    }

    /** Whether calls are made with this API version or a later one: then all that came with it is there. */
    public Mono<Boolean> supports(ApiVersion version) {
        return http.version().map(inUse -> inUse.isAtLeast(version));
    }

    /**
     * Whether the API version in use knows all that is set here.
     *
     * @param value options, such as {@code ContainerCreateOptions.of(…)}, or any other value that is sent
     */
    public Mono<Boolean> supports(Versioned value) {
        return http.version()
                .map(inUse -> Requirements.of(value).stream().allMatch(requirement -> requirement.holdsFor(inUse)));
    }

    /**
     * Closes all connections. Whatever is under way fails at once with {@link dev.fairlead.core.error.ClientClosed}: calls and those that
     * wait for a connection, streams, sessions, uploads, what would have been resumed; and so does all that is asked later. Does not
     * block, and may be called again. No thread is left, as none was the client's own; event loops that were given stay open.
     */
    @Override
    public void close() {
        transport.close();
    }
}
