package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.Run;
import dev.fairlead.model.OutputFrame;

/** A command in a container of its own, its output as it comes. */
final class RunCommand {

    private RunCommand() {}

    /** Runs {@code echo hello world}. */
    public static void main(String[] args) {
        // README
        try (DockerClient docker = DockerClient.create()) {
            docker.containers()
                    .run("busybox", "echo", "hello world")
                    .flatMapMany(Run::output)
                    .map(OutputFrame::text)
                    .doOnNext(System.out::print)
                    .blockLast();
        }
        // end
    }
}
