package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.TransferSignal;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.TransferMessage;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pulls the image that is named, busybox without a name, and shows how far it is. */
final class PullWithProgress {

    private final DockerClient docker;

    PullWithProgress(DockerClient docker) {
        this.docker = docker;
    }

    Mono<PulledImage> pull(String name, TransferText text) {
        return
        // README
        docker.images().pull(name).result(text::show); // Mono<PulledImage>: name, id, digest
        // end
    }

    /** For a subscriber that may be slow, such as a browser. */
    Flux<TransferSignal<PulledImage>> signals(String name) {
        return
        // README
        docker.images()
                .pull(name)
                .signals(); // Progress, Progress, …, Done: the newest snapshot whenever one is asked for
        // end
    }

    Flux<String> log(Publisher<ByteBuffer> context) {
        return
        // README
        docker.images()
                .build(context, build -> build.tags("shop:1"))
                .messages() // what the Engine says, one by one
                .map(TransferMessage::text);
        // end
    }

    public static void main(String[] args) {
        try (DockerClient docker = DockerClient.create()) {
            PulledImage pulled = new PullWithProgress(docker)
                    .pull(args.length == 0 ? "busybox" : args[0], TransferText.onStandardOutput())
                    .block();
            System.out.println(pulled);
        }
    }
}
