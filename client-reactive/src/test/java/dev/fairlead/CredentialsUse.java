package dev.fairlead;

import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.ImageBuildOptions;
import dev.fairlead.model.ImagePullOptions;
import dev.fairlead.testing.Tar;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program of its own, so that everything can be logged from its start: uses credentials in each way there is, well and badly, and prints
 * all errors with their traces, and all values that hold some.
 */
final class CredentialsUse {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private CredentialsUse() {}

    /**
     * Uses them and prints what comes.
     *
     * @param arguments the Engine, the folder of {@code config.json}, and a name in the registry whose image the Engine has
     */
    public static void main(String[] arguments) {
        RegistryCredentials credentials = PrivateRegistry.credentials(Path.of(arguments[1]));
        String name = arguments[2];
        try (DockerClient docker =
                DockerClient.create(config -> config.host(arguments[0]).credentials(credentials))) {
            use("credentials", credentials.forRegistry(name.substring(0, name.indexOf('/'))));
            use("push", docker.images().push(name).messages());
            use("pull", docker.images().pull(name).messages());
            use("inspect", docker.distribution().inspect(name));
            use("push nothing", docker.images().push(name + "-missing").messages());
            use("pull nothing", docker.images().pull(name + "-missing").messages());
            use("plugin pull", docker.plugins().privileges(name));
            use("search", docker.images().search(name));
            use("build", docker.images().build(context("FROM " + name + "\n")).messages());
            use(
                    "broken build",
                    docker.images()
                            .build(context("FROM " + name + "-missing\n"))
                            .messages());
            String registry = name.substring(0, name.indexOf('/'));
            AuthConfig found =
                    credentials.forRegistry(registry).onErrorComplete().block(LIMIT);
            Map<String, AuthConfig> all = credentials.all().block(LIMIT);
            if (found != null && all != null) {
                use("auth", docker.system().auth(found));
                use(
                        "wrong auth",
                        docker.system()
                                .auth(found.toBuilder().username("nobody").build()));
                String header = RegistryCredentials.encode(found);
                print("values", found);
                print("values", found.toBuilder());
                print("values", all);
                print("values", RegistryCredentials.of(all).or(credentials));
                print("values", ImagePullOptions.of(name, pull -> pull.registryAuth(header)));
                print("values", ImageBuildOptions.of(build -> build.registryConfig(RegistryCredentials.encode(all))));
                print(
                        "values",
                        ImagePullOptions.of(name, pull -> pull.registryAuth(header))
                                .parameters());
            }
            print("values", docker);
            print("values", DockerConfig.builder().credentials(credentials).build());
        }
    }

    private static Flux<ByteBuffer> context(String dockerfile) {
        return Flux.defer(
                () -> Flux.just(new Tar().file("Dockerfile", dockerfile).end()));
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void use(String what, Publisher<?> call) {
        try {
            var unused = Flux.from(call)
                    .doOnNext(message -> print(what, message))
                    .then(Mono.just(true))
                    .block(LIMIT);
            print(what, "went well");
        } catch (RuntimeException failure) {
            print(what, "failed: " + failure);
            failure.printStackTrace();
        }
    }

    private static void print(String what, Object value) {
        System.out.println(what + ": " + value);
    }
}
