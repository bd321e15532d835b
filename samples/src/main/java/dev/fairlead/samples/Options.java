package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.ExecResult;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.ContainerUsage;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.ServiceUpdateResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is required is a parameter, what is optional stands in a lambda. */
final class Options {

    private final DockerClient docker;

    Options(DockerClient docker) {
        this.docker = docker;
    }

    Flux<OutputFrame> logs(String id) {
        return
        // README
        docker.containers().logs(id, logs -> logs.follow(true).timestamps(true).tail(100));
        // end
    }

    Mono<Outcome> stop(String id) {
        return
        // README
        docker.containers().stop(id, stop -> stop.timeout(Duration.ofSeconds(30)));
        // end
    }

    Flux<ContainerSummary> list() {
        return
        // README
        docker.containers().list(list -> list.all(true).filters(filters -> filters.label("app=shop")));
        // end
    }

    Mono<ServiceUpdateResponse> scale() {
        return
        // README
        docker.services()
                .updateWith("web", spec -> spec.mode(mode -> mode.replicated(replicated -> replicated.replicas(3))));
        // end
    }

    Mono<ExecResult> compress(String container, Publisher<ByteBuffer> hugeFile) {
        return
        // README
        docker.execs().run(container, exec -> exec.cmd("gzip", "-c")
                .stdin(hugeFile) // a Publisher<ByteBuffer>, read as fast as the program reads
                .output(frames -> frames.concatMap(this::store))); // taken as it comes, none of it kept
        // end
    }

    Mono<ExecResult> dump(String container) {
        return
        // README
        docker.execs()
                .run(container, exec -> exec.cmd("pg_dump", "shop").killOnCancel(true))
                .timeout(Duration.ofMinutes(5)); // without killOnCancel the program would go on
        // end
    }

    Flux<ContainerUsage> usage(String id) {
        return
        // README
        docker.containers().stats(id).map(ContainerUsage::of).onBackpressureLatest();
        // end
    }

    private Mono<Void> store(OutputFrame frame) {
        return Mono.fromRunnable(() -> System.out.println(frame.size() + " bytes"));
    }

    /** Lists the containers of the shop. */
    public static void main(String[] args) {
        try (DockerClient docker = DockerClient.create()) {
            new Options(docker).list().doOnNext(System.out::println).blockLast();
        }
    }
}
