package dev.fairlead.samples.orchestrator;

import dev.fairlead.model.EndpointPortConfig;
import dev.fairlead.model.NetworkAttachmentConfig;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.TaskContainerSpec;
import dev.fairlead.model.TaskRestartCondition;
import dev.fairlead.samples.orchestrator.ContainerSpec.PublishedPort;
import java.util.List;
import java.util.Map;

/** What is declared as services of a swarm. They mean the same as the containers of an Engine; what can't is refused. */
final class ServiceSpecs {

    private final Declaration declaration;
    private final Settings settings;
    private final int atATime;

    /** Those of what is declared; so many tasks of each change at a time. */
    ServiceSpecs(Declaration declaration, Settings settings, int atATime) {
        this.declaration = declaration;
        this.settings = settings;
        this.atATime = atATime;
    }

    /**
     * Of what a service can't have, the Engine would refuse some when others run already, and of the rest it would make something else.
     *
     * @throws IllegalArgumentException if such a thing is declared; it says where
     */
    static void requirePossible(Declaration declaration) {
        for (ContainerSpec spec : declaration.containers()) {
            if (!spec.engines().isEmpty()) {
                throw new IllegalArgumentException(
                        spec.name() + ": engines: a swarm chooses the node itself, so no Engine can be named");
            }
            for (PublishedPort port : spec.publishedPorts()) {
                if (!port.address().isEmpty()) {
                    throw new IllegalArgumentException(spec.name()
                            + ": ports: a swarm opens a port on every address of every node, so it can't be "
                            + port.address() + " alone");
                }
            }
            if (spec.network() != null && isOfOneContainer(spec.network())) {
                throw new IllegalArgumentException(spec.name() + ": network: a service can't have '" + spec.network()
                        + "', only a network by its name");
            }
        }
    }

    /** Words for how one container is connected. {@code host} and {@code bridge} are none: every node has those networks. */
    private static boolean isOfOneContainer(String network) {
        return network.isBlank()
                || network.equals("none")
                || network.equals("default")
                || network.startsWith("container:");
    }

    /** Says all of it, also what there is none of: a service that is changed must not keep what is declared no more. */
    ServiceSpec.Builder describe(ContainerSpec spec, ServiceSpec.Builder service) {
        return service.labels(
                        Map.of(Declaration.PROJECT, declaration.project(), Declaration.FINGERPRINT, spec.fingerprint()))
                .mode(mode -> mode.replicated(replicated -> replicated.replicas(spec.replicas())))
                .updateConfig(update -> update.parallelism(atATime))
                .endpointSpec(endpoint -> endpoint.ports(spec.publishedPorts().stream()
                        .map(port -> EndpointPortConfig.builder()
                                .protocol(port.target().protocol())
                                .targetPort(port.target().number())
                                .publishedPort(port.published())
                                .build())
                        .toList()))
                .taskTemplate(task -> task.containerSpec(container -> describe(spec, container))
                        .networks(networks(spec))
                        // The wait does not grow: a swarm knows only one.
                        .restartPolicy(restart -> restart.condition(TaskRestartCondition.ANY)
                                .delay(spec.restart().first())
                                .window(spec.restart().healthyAfter())));
    }

    private static List<NetworkAttachmentConfig> networks(ContainerSpec spec) {
        String network = spec.network();
        return network == null
                ? List.of()
                : List.of(NetworkAttachmentConfig.builder(network).build());
    }

    private void describe(ContainerSpec spec, TaskContainerSpec.Builder container) {
        container
                .image(spec.image())
                // What an Engine calls Cmd: the image's entry point stays. Command would take its place.
                .args(spec.command())
                .command(List.of())
                .env(spec.environment())
                .labels(spec.labels())
                .label(Declaration.PROJECT, declaration.project())
                .mounts(spec.toMounts())
                .stopGracePeriod(settings.grace());
    }
}
