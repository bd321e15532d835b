package dev.fairlead.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.samples.testing.Shown;
import dev.fairlead.tools.PrivateEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The guide's twenty tasks, once by the docker command as it is shown and once by Fairlead, in the guide's order. */
class GuideIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** The name that the guide has for a registry. */
    private static final String REGISTRY = "registry.example.com";

    /** Commands that go on until they are stopped. */
    private static final List<String> ENDLESS = List.of("docker logs -f", "docker stats", "docker events");

    private static PrivateEngine engine;
    private static DockerClient docker;
    private static String registry;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        engine = new PrivateEngine();
        docker = DockerClient.create(config -> config.host(engine.host()));
        registry = engine.registry();
        String shop = registry + "/shop:1";
        done(docker.images().tag("busybox", shop));
        done(docker.images().push(shop).result());
        done(docker.images().remove(shop).then());
    }

    @AfterAll
    static void stop() {
        docker.close();
        engine.close();
    }

    @BeforeEach
    void makeFiles() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("app")).resolve("Dockerfile"), "FROM busybox\n");
        Files.writeString(Files.createDirectory(folder.resolve("site")).resolve("shop.html"), "for sale");
        Files.writeString(folder.resolve("index.html"), "welcome\n");
    }

    @AfterEach
    void removeAll() {
        done(Flux.just("web", "job")
                .concatMap(name -> docker.containers()
                        .remove(name, remove -> remove.force(true))
                        .onErrorComplete(NotFound.class))
                .then(docker.networks().remove("shop").onErrorComplete(NotFound.class)));
    }

    @Test
    void byTheCommand() throws Exception {
        Path command = PrivateEngine.dockerCommand();
        Files.writeString(
                folder.resolve("config.json"),
                "{\"cliPluginsExtraDirs\":[\"" + command.resolve("usr/libexec/docker/cli-plugins") + "\"]}");
        List<String> tasks = Shown.blocks(GuideTest.guide(), "sh").stream()
                .filter(block -> block.startsWith("docker "))
                .toList();
        assertThat(tasks).hasSize(20);
        for (String task : tasks) {
            run(command, task.replace(REGISTRY, registry).replace("docker -H ssh://far", "docker"));
        }
        assertThat(folder.resolve("backup/shop.html")).hasContent("for sale");
    }

    private void run(Path command, String task) throws IOException, InterruptedException {
        String script = task.contains("exec -it") ? "echo exit | script -qec '" + task.strip() + "' /dev/null" : task;
        boolean endless = ENDLESS.stream().anyMatch(task::contains);
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        "timeout", "-s", "KILL", endless ? "2" : "120", "bash", "-euo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_"));
        builder.environment().put("DOCKER_HOST", engine.host());
        builder.environment().put("DOCKER_CONFIG", folder.toString());
        builder.environment().merge("PATH", command.resolve("usr/bin").toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(task)
                .isTrue();
        assertThat(process.exitValue()).as(task + Files.readString(output)).isEqualTo(endless ? 137 : 0);
    }

    @Test
    void byFairlead() throws Exception {
        ContainerTasks containers = new ContainerTasks(docker);
        OutputTasks output = new OutputTasks(docker);
        ImageTasks images = new ImageTasks(docker);
        assertThat(value(output.version())).contains(", API 1.");
        assertThat(value(images.pull(registry + "/shop:1")).digest()).startsWith("sha256:");
        assertThat(value(containers.run("busybox").collectList())).containsExactly("hello\n");
        assertThat(value(containers.exit("busybox")).code()).isEqualTo(1);
        String web = value(containers.runDetached("busybox"));
        assertThat(value(containers.list().collectList())).singleElement().satisfies(only -> assertThat(only.id())
                .isEqualTo(web));
        assertThat(value(containers.inspect())).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        done(docker.execs().run("web", "sh", "-c", "echo ready > /proc/1/fd/1"));
        assertThat(value(output.logs().next())).endsWith(" ready");
        done(output.execWithInput(Mono.fromSupplier(() -> bytes("welcome\n"))));
        assertThat(value(output.exec()).stdoutText()).isEqualTo("index.html\n");
        assertThat(value(output.terminal(Flux.just(bytes("echo $((6 * 7))\nexit\n")))
                        .collectList()))
                .anyMatch(text -> text.contains("42"));
        assertThat(value(output.stats().next()).memory()).isPositive();
        assertThat(died(output, containers)).isNotBlank();
        done(images.copy(folder.resolve("site"), folder.resolve("backup")));
        assertThat(folder.resolve("backup/shop.html")).hasContent("for sale");
        assertThat(folder.resolve("backup/index.html")).hasContent("welcome");
        assertThat(value(images.build(folder.resolve("app"))).id()).startsWith("sha256:");
        assertThat(value(images.push(registry + "/shop:2")).digest()).startsWith("sha256:");
        assertThat(value(ImageTasks.move(docker, docker))).isNotEmpty();
        done(containers.network());
        done(docker.containers()
                .create("busybox", job -> job.name("job").cmd("true"))
                .then(docker.containers().start("job")));
        assertThat(value(containers.await())).isZero();
        done(containers.remove());
        assertThat(value(containers.volumes()).containersDeleted()).isEmpty();
    }

    /** The name of a container that ended while it was looked on: one more is run until that was seen. */
    private static String died(OutputTasks output, ContainerTasks containers) throws Exception {
        CompletableFuture<String> died = output.events().next().toFuture();
        done(Mono.defer(() -> containers.exit("busybox"))
                .repeat(() -> !died.isDone())
                .then());
        return died.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T value(Mono<T> task) {
        return task.blockOptional(LIMIT).orElseThrow();
    }

    private static void done(Mono<?> task) {
        task.block(LIMIT);
    }
}
