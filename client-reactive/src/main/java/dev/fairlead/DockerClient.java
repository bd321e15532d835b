package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.internal.Http;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.Requirements;
import dev.fairlead.model.SessionOptions;
import dev.fairlead.model.Versioned;
import java.time.Duration;
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

    private final EngineAccess access;
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

    private DockerClient(EngineAccess access) {
        this.access = access;
        this.http = access.http();
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
        this.system = new EngineSystem(http, access.eventBuffer(), access.responseTimeout());
    }

    /**
     * The Engine that the environment names, by {@code DOCKER_HOST} or a context, else the one at the usual places;
     * {@link #describe()} tells which. The files that name it, and those of TLS, are read here, which blocks for a moment, and not
     * again.
     *
     * @throws dev.fairlead.core.error.ConnectionFailed if the environment names no Engine and there is none at the usual places; it
     *     lists what was tried
     * @throws dev.fairlead.core.error.ContextFailed if a context is named and missing or damaged, or {@code config.json} is damaged
     *     where it might name one
     * @throws IllegalArgumentException if {@code DOCKER_HOST}, {@code DOCKER_CUSTOM_HEADERS}, {@code DOCKER_API_VERSION} or a proxy
     *     that counts can't be read, or a certificate or key of TLS is missing, damaged or encrypted; it names which
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
        return new DockerClient(EngineAccess.of(config, environment));
    }

    /**
     * This client with another limit for answers that the Engine gives at once, see {@link DockerConfig#responseTimeout()}: for a call
     * that is known to be slow, or must not be. It shares the connections and all else, and closing one of the two closes both.
     *
     * @param timeout the limit; zero for none
     * @throws IllegalArgumentException if it is negative
     */
    public DockerClient withResponseTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is negative: " + timeout);
        }
        return new DockerClient(access.withResponseTimeout(timeout));
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

    /** Names the Engine, and nothing secret. */
    @Override
    public String toString() {
        return "DockerClient[" + host() + "]";
    }

    /** The Engine's address. */
    public DockerHost host() {
        return access.transport().host();
    }

    /**
     * Which Engine this client was made for, what named it and how it is spoken to: for logs and for whoever wonders. Does no I/O and
     * shows no secret; the API version is told as far as it is known by now.
     */
    public ClientDescription describe() {
        ApiVersion known = http.knownVersion();
        return known == null ? access.description() : access.description().with(known);
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
        access.transport().close();
    }
}
