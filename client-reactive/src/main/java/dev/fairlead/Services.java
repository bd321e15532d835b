package dev.fairlead;

import static dev.fairlead.SwarmUpdates.index;
import static dev.fairlead.SwarmUpdates.present;

import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.internal.Http;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Service;
import dev.fairlead.model.ServiceCreateOptions;
import dev.fairlead.model.ServiceCreateResponse;
import dev.fairlead.model.ServiceInspectOptions;
import dev.fairlead.model.ServiceListOptions;
import dev.fairlead.model.ServiceLogsOptions;
import dev.fairlead.model.ServiceRollback;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.ServiceUpdateOptions;
import dev.fairlead.model.ServiceUpdateResponse;
import dev.fairlead.model.TaskContainerSpec;
import dev.fairlead.model.TaskSpec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Services: what the swarm keeps running.
 *
 * <p>An {@code id} is a service's id, the beginning of one that is unique, or its name; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A service that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}; an Engine that is no manager answers {@link dev.fairlead.core.error.Unavailable}.
 */
public final class Services {

    private static final String INSPECT = "GET /services/{id}";

    private final Http http;

    Services(Http http) {
        this.http = http;
    }

    /** All services. Engine operation {@code ServiceList}. Empty when there is none. */
    public Flux<Service> list() {
        return list(options -> {});
    }

    /** Services as the options select them, with counts of their tasks if asked for. Engine operation {@code ServiceList}. */
    public Flux<Service> list(Consumer<ServiceListOptions.Builder> options) {
        return http.get("/services").options(ServiceListOptions.of(options)).list(Service.class);
    }

    /** Everything about one service. Engine operation {@code ServiceInspect}. */
    public Mono<Service> inspect(String id) {
        return inspect(id, options -> {});
    }

    /** As {@link #inspect(String)}, with the defaults filled in if the options ask for them. */
    public Mono<Service> inspect(String id, Consumer<ServiceInspectOptions.Builder> options) {
        return http.get("/services/{id}", id)
                .options(ServiceInspectOptions.of(options))
                .as(Service.class);
    }

    /**
     * Makes a service. Engine operation {@code ServiceCreate}. Emits when the swarm has planned it: its tasks start later, see
     * {@link Tasks#list}.
     *
     * <p>If the {@linkplain DockerConfig#credentials() client's credentials} have some for the image's registry, they are sent along: the
     * swarm keeps them, and each node pulls with them. When they can't be had, nothing is sent, as nothing would tell that they lack.
     *
     * <p>The image is what the spec says: where that is a tag, each node pulls what the tag is when it does. {@code docker} asks the
     * registry for the digest and sends that, so that all nodes have the same one; {@link Distribution#inspect} tells it.
     *
     * @return its id, and what the Engine warns of; fails with {@link dev.fairlead.core.error.Conflict} when the name is taken
     */
    public Mono<ServiceCreateResponse> create(ServiceSpec spec) {
        return create(spec, options -> {});
    }

    /** As {@link #create(ServiceSpec)}, with other credentials than the client's. */
    public Mono<ServiceCreateResponse> create(ServiceSpec spec, Consumer<ServiceCreateOptions.Builder> options) {
        return http.post("/services/create")
                .options(ServiceCreateOptions.of(options))
                .registryAuthNeeded(registry(spec))
                .body(spec)
                .patient()
                .as(ServiceCreateResponse.class);
    }

    /**
     * Makes a service another one. Engine operation {@code ServiceUpdate}. Emits when the swarm has planned it; how far it is stands in
     * {@link Service#updateStatus()}.
     *
     * <p>The swarm goes on with the credentials that it keeps for the service, unless the options bring some: they may be better than
     * those of whoever changes it. {@link #updateWith(String, Consumer)} knows when it is time for others.
     *
     * @param version the index of the version that the change starts from, from {@link Service#version()}
     * @param spec all that the service is to be, what stays included. Fails with {@link dev.fairlead.core.error.Conflict} when
     *     another change came first: {@link #updateWith(String, Consumer)} tries again
     */
    public Mono<ServiceUpdateResponse> update(String id, long version, ServiceSpec spec) {
        return update(id, version, spec, options -> {});
    }

    /** As {@link #update(String, long, ServiceSpec)}, with credentials, or back to what it was before. */
    public Mono<ServiceUpdateResponse> update(
            String id, long version, ServiceSpec spec, Consumer<ServiceUpdateOptions.Builder> options) {
        return update(id, ServiceUpdateOptions.of(version, options), spec, null);
    }

    private Mono<ServiceUpdateResponse> update(
            String id, ServiceUpdateOptions options, ServiceSpec spec, @Nullable String registry) {
        boolean keepsCredentials = options.registryAuthFrom() != null || options.rollback() != null;
        return http.post("/services/{id}/update", id)
                .options(options)
                .registryAuthNeeded(keepsCredentials ? null : registry)
                .body(spec)
                .patient()
                .as(ServiceUpdateResponse.class);
    }

    private static String image(ServiceSpec spec) {
        TaskSpec task = spec.taskTemplate();
        TaskContainerSpec container = task == null ? null : task.containerSpec();
        return container == null ? "" : container.image();
    }

    private static @Nullable String registry(ServiceSpec spec) {
        return RegistryAddress.ofName(image(spec));
    }

    /**
     * Reads what a service is to be, changes it and writes it back; up to ten times, when others write in between:
     * {@code updateWith("web", spec -> spec.mode(mode -> mode.replicated(replicated -> replicated.replicas(3))))}.
     *
     * <p>With another image, the client's credentials for its registry are sent along, if there are some, as with
     * {@link #create(ServiceSpec)}; else the swarm goes on with those it keeps.
     *
     * @param change applied to the present specification, so maybe more than once; what it leaves alone stays as it is, even what
     *     this library does not know
     */
    public Mono<ServiceUpdateResponse> updateWith(String id, Consumer<ServiceSpec.Builder> change) {
        return updateWith(id, change, options -> {});
    }

    /** As {@link #updateWith(String, Consumer)}, with credentials. */
    public Mono<ServiceUpdateResponse> updateWith(
            String id, Consumer<ServiceSpec.Builder> change, Consumer<ServiceUpdateOptions.Builder> options) {
        return SwarmUpdates.retried(inspect(id).flatMap(service -> {
            ServiceSpec present = present(INSPECT, "Spec", service.spec());
            ServiceSpec.Builder changed = present.toBuilder();
            change.accept(changed);
            ServiceSpec spec = changed.build();
            return update(
                    service.id(),
                    ServiceUpdateOptions.of(index(INSPECT, service.version()), options),
                    spec,
                    image(spec).equals(image(present)) ? null : registry(spec));
        }));
    }

    /**
     * Takes a service back to what it was before its latest update; done twice, it is as it was at first. Tries up to ten times, when
     * others write in between. Engine operation {@code ServiceUpdate}.
     *
     * @return what the Engine warns of; fails with {@link dev.fairlead.core.error.InvalidRequest} when it was never updated
     */
    public Mono<ServiceUpdateResponse> rollback(String id) {
        return updateWith(id, spec -> {}, options -> options.rollback(ServiceRollback.PREVIOUS));
    }

    /** Removes a service; its tasks are ended soon after. Engine operation {@code ServiceDelete}. */
    public Mono<Void> remove(String id) {
        return http.delete("/services/{id}", id).done();
    }

    /**
     * What all tasks of a service wrote so far, both streams, from all nodes, in no order between tasks. Engine operation
     * {@code ServiceLogs}.
     *
     * <p>Completes at the end of what is kept; empty when the tasks' logging driver can't be read. Demand reaches the socket: with
     * none, nothing is read, and at most 192 KiB are read ahead of it. Cancelling closes the connection. Fails with
     * {@link dev.fairlead.core.error.StreamFailed} when a node can't be asked, with {@link dev.fairlead.core.error.Truncated} when the
     * connection breaks.
     */
    public Flux<OutputFrame> logs(String id) {
        return logs(id, options -> {});
    }

    /**
     * As {@link #logs(String)}; with {@code follow(true)} it goes on with what is written from now on, by tasks yet to come too, and
     * does not end by itself; with {@code details(true)} each line begins with its task.
     *
     * <p>Both streams are read unless the options name one.
     */
    public Flux<OutputFrame> logs(String id, Consumer<ServiceLogsOptions.Builder> options) {
        ServiceLogsOptions asked = ServiceLogsOptions.of(options);
        ServiceLogsOptions complete = asked.stdout() || asked.stderr()
                ? asked
                : asked.toBuilder().stdout(true).stderr(true).build();
        return Logs.read(http, http.get("/services/{id}/logs", id).options(complete), () -> inspect(id)
                .map(service -> Tasks.hasTerminal(
                        present(INSPECT, "Spec", service.spec()).taskTemplate())));
    }
}
