package dev.fairlead.samples.guide;

import dev.fairlead.DockerClient;
import dev.fairlead.Unpacked;
import dev.fairlead.model.BuiltImage;
import dev.fairlead.model.LoadedImage;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.Pushed;
import java.nio.file.Path;
import java.util.List;
import reactor.core.publisher.Mono;

/** Images and files, which go from one place to another. */
final class ImageTasks {

    private final DockerClient docker;

    ImageTasks(DockerClient docker) {
        this.docker = docker;
    }

    Mono<PulledImage> pull(String image) {
        return
        // GUIDE
        docker.images().pull(image).result(); // Mono<PulledImage>: name, id, digest
        // end
    }

    Mono<Unpacked> copy(Path site, Path backup) {
        return
        // GUIDE
        docker.containers()
                .copyFromHost("web", site.resolve("."), "/srv/www")
                .then(docker.containers().copyToHost("web", "/srv/www", backup));
        // end
    }

    Mono<BuiltImage> build(Path app) {
        return
        // GUIDE
        docker.images().build(app, build -> build.tags("shop:1")).result(); // Mono<BuiltImage>
        // end
    }

    Mono<Pushed> push(String name) {
        return
        // GUIDE
        docker.images()
                .tag("shop:1", name)
                .then(docker.images().push(name).result()); // with what docker login has left
        // end
    }

    static Mono<List<LoadedImage>> move(DockerClient docker, DockerClient other) {
        return
        // GUIDE
        other.images().load(docker.images().save("shop:1")).result();
        // end
    }
}
