package dev.fairlead.samples;

import dev.fairlead.BuildContext;
import dev.fairlead.DockerClient;
import dev.fairlead.Tar;
import dev.fairlead.Transfer;
import dev.fairlead.Unpacked;
import dev.fairlead.model.BuiltImage;
import java.nio.file.Path;
import reactor.core.publisher.Mono;

/** How do I build an image from a folder, and send files to a container? */
final class Contexts {

    private final DockerClient docker;

    Contexts(DockerClient docker) {
        this.docker = docker;
    }

    Transfer<BuiltImage> folder() {
        return
        // README
        docker.images().build(Path.of("app"), build -> build.tags("app:1"));
        // end
    }

    Transfer<BuiltImage> text() {
        return
        // README
        docker.images().build(BuildContext.of(Path.of("app")).withDockerfile("FROM busybox\nCOPY . /app\n"));
        // end
    }

    Mono<Void> copy(String id) {
        return
        // README
        docker.containers().copyIn(id, "/etc", Tar.of(tar -> tar.file("app.conf", "port=80\n")
                .add(Path.of("certificates"), "certs")));
        // end
    }

    Mono<Unpacked> files(String id) {
        return
        // README
        docker.containers()
                .copyFromHost(id, Path.of("site"), "/srv/www")
                .then(docker.containers().copyToHost(id, "/var/log", Path.of("logs")));
        // end
    }
}
