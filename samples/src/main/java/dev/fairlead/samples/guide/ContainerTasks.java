package dev.fairlead.samples.guide;

import dev.fairlead.DockerClient;
import dev.fairlead.Run;
import dev.fairlead.model.ContainerAddresses;
import dev.fairlead.model.ContainerPruneResponse;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.PortBinding;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Containers, networks and volumes, from their beginning to their end. */
final class ContainerTasks {

    private final DockerClient docker;

    ContainerTasks(DockerClient docker) {
        this.docker = docker;
    }

    Flux<String> run(String image) {
        return
        // GUIDE
        docker.containers().run(image, "echo", "hello").flatMapMany(Run::output).map(OutputFrame::text);
        // end
    }

    Mono<ExitStatus> exit(String image) {
        return
        // GUIDE
        docker.containers().run(image, "false").flatMap(Run::exit);
        // end
    }

    Mono<String> runDetached(String image) {
        // GUIDE
        PortBinding port = PortBinding.builder().hostPort("8080").build();
        return docker.containers()
                .create(image, web -> web.name("web")
                        .cmd("httpd", "-f", "-h", "/srv/www")
                        .env("MODE=dev")
                        .label("app", "shop")
                        .exposedPorts("80/tcp")
                        .hostConfig(host -> host.binds("site:/srv/www")
                                .portBinding("80/tcp", List.of(port))
                                .memory(256 * 1024 * 1024)))
                .flatMap(web -> docker.containers().start(web.id()).thenReturn(web.id()));
        // end
    }

    Flux<ContainerSummary> list() {
        return
        // GUIDE
        docker.containers().list(list -> list.all(true).filters(filters -> filters.label("app=shop")));
        // end
    }

    Mono<String> inspect() {
        return
        // GUIDE
        docker.containers().inspect("web").mapNotNull(web -> ContainerAddresses.ipAddress(web, "bridge"));
        // end
    }

    Mono<Void> network() {
        return
        // GUIDE
        docker.networks()
                .create("shop")
                .then(docker.networks()
                        .connect("shop", "web", how -> how.endpointConfig(endpoint -> endpoint.aliases("www"))));
        // end
    }

    Mono<Long> await() {
        return
        // GUIDE
        docker.containers().awaitExit("job").map(ExitStatus::code);
        // end
    }

    Mono<Void> remove() {
        return
        // GUIDE
        docker.containers()
                .stop("web", stop -> stop.timeout(Duration.ofSeconds(1)))
                .then(docker.containers().remove("web", remove -> remove.volumes(true)));
        // end
    }

    Mono<ContainerPruneResponse> volumes() {
        return
        // GUIDE
        docker.volumes()
                .create(volume -> volume.name("data").label("app", "shop"))
                .then(docker.volumes().remove("data"))
                .then(docker.containers().prune(prune -> prune.filters(filters -> filters.until("24h"))));
        // end
    }
}
