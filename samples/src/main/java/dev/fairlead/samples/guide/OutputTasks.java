package dev.fairlead.samples.guide;

import dev.fairlead.DockerClient;
import dev.fairlead.ExecResult;
import dev.fairlead.model.ContainerUsage;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What containers write, read and use, and what happens to them. */
final class OutputTasks {

    private final DockerClient docker;

    OutputTasks(DockerClient docker) {
        this.docker = docker;
    }

    Mono<String> version() {
        return
        // GUIDE
        docker.system().version().map(engine -> engine.version() + ", API " + engine.apiVersion());
        // end
    }

    Flux<String> logs() {
        return
        // GUIDE
        docker.containers()
                .logLines("web", logs -> logs.follow(true).tail(100))
                .map(line -> line.time() + " " + line.text());
        // end
    }

    Mono<ExecResult> exec() {
        return
        // GUIDE
        docker.execs().run("web", "ls", "/srv/www"); // exitCode(), stdoutText(), stderrText()
        // end
    }

    Mono<ExecResult> execWithInput(Publisher<ByteBuffer> page) {
        return
        // GUIDE
        docker.execs().run("web", exec -> exec.cmd("sh", "-c", "cat > /srv/www/index.html")
                .stdin(page)); // and its end, which cat sees
        // end
    }

    Flux<String> terminal(Publisher<ByteBuffer> keys) {
        return
        // GUIDE
        docker.execs()
                .open("web", exec -> exec.cmd("sh").tty(true))
                .flatMapMany(shell -> shell.resize(TerminalSize.of(24, 80))
                        .thenMany(Flux.merge(shell.output(), shell.write(keys).then(Mono.<OutputFrame>empty()))))
                .map(OutputFrame::text);
        // end
    }

    Flux<ContainerUsage> stats() {
        return
        // GUIDE
        docker.containers().stats("web").map(ContainerUsage::of); // cpuPercent(), memory(), networkReceived(), …
        // end
    }

    Flux<String> events() {
        return
        // GUIDE
        docker.system()
                .events(which -> which.filters(filters -> filters.event("die")))
                .mapNotNull(event -> event.actor())
                .map(container -> container.attributes().getOrDefault("name", container.id()));
        // end
    }
}
