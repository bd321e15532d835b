package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.model.OutputFrame;
import reactor.core.publisher.Flux;

/** Step by step: a container is made, started, waited for, read and removed. What does it all at once is {@link RunCommand}. */
final class HelloWorld {

    private HelloWorld() {}

    /** Prints {@code hello world}, as a container said it. */
    public static void main(String[] args) {
        try (DockerClient docker = DockerClient.create()) {
            var containers = docker.containers();
            var hello = docker.images()
                    .pullIfMissing("busybox")
                    .then(containers.create("busybox", container -> container.cmd("echo", "hello world")));
            Flux.usingWhen(
                            hello,
                            made -> containers
                                    .start(made.id())
                                    .then(containers.awaitExit(made.id()))
                                    .thenMany(containers.logs(made.id())),
                            made -> containers.remove(made.id(), how -> how.force(true)))
                    .doOnNext((OutputFrame frame) -> System.out.print(frame.text()))
                    .blockLast();
        }
    }
}
