package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.Mount;
import dev.fairlead.model.MountVolumeOptions;
import dev.fairlead.model.Platform;
import dev.fairlead.testing.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

@Timeout(30)
final class UnsupportedOptionsTest {

    private static Mono<?> create(DockerClient docker) {
        return docker.containers().create("busybox", container -> container
                .platform(Platform.of("linux", "amd64"))
                .name("x")
                .hostConfig(host -> host.privileged(true)
                        .annotation("a", "b")
                        .mounts(
                                Mount.builder()
                                        .target("/one")
                                        .volumeOptions(MountVolumeOptions.builder()
                                                .subpath("inside")
                                                .noCopy(true)
                                                .build())
                                        .build(),
                                Mount.builder().target("/two").build())));
    }

    @Test
    void whatTheEngineDoesNotKnowIsRefusedBeforeItIsSent() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.40")) {
            UnsupportedByEngine failure = OnFakeEngine.failure(UnsupportedByEngine.class, create(fake.docker));

            assertThat(failure.what()).isEqualTo("platform");
            assertThat(fake.engine.requests("POST", "/containers/create")).isEmpty();
        }
    }

    @Test
    void whatIsDroppedIsLeftOutAndNothingElse() throws Exception {
        List<UnsupportedByEngine> warnings = new CopyOnWriteArrayList<>();
        try (OnFakeEngine fake =
                new OnFakeEngine("1.40", config -> config.unsupportedOptions(UnsupportedOptions.drop(warnings::add)))) {
            fake.engine.on("POST", "/containers/create", exchange -> exchange.answer(201, "{\"Id\":\"abc\"}"));

            assertThat(OnFakeEngine.get(create(fake.docker))).isNotNull();

            Request request = fake.engine.requests("POST", "/containers/create").get(0);
            assertThat(request.query()).containsOnlyKeys("name");
            assertThat(request.bodyText())
                    .isEqualTo("{\"HostConfig\":{\"Mounts\":[{\"Target\":\"/one\",\"VolumeOptions\":"
                            + "{\"NoCopy\":true}},{\"Target\":\"/two\"}],\"Privileged\":true},\"Image\":\"busybox\"}");
            assertThat(warnings)
                    .extracting(UnsupportedByEngine::what)
                    .containsExactlyInAnyOrder(
                            "platform", "HostConfig.Annotations", "HostConfig.Mounts.VolumeOptions.Subpath");
        }
    }

    @Test
    void anUnknownOperationFailsWhateverThePolicy() throws Exception {
        try (OnFakeEngine fake =
                new OnFakeEngine("1.54", config -> config.unsupportedOptions(UnsupportedOptions.drop()))) {
            OnFakeEngine.failure(UnsupportedByEngine.class, fake.docker.images().attestations("x"));
            assertThat(new ArrayList<>(fake.engine.requests("GET", "/images/x/attestations")))
                    .isEmpty();
        }
    }

    @Test
    void supportsTellsBeforehand() throws Exception {
        ContainerCreateOptions plain = ContainerCreateOptions.of("busybox", create -> create.name("x"));
        ContainerCreateOptions newer =
                ContainerCreateOptions.of("busybox", create -> create.hostConfig(host -> host.annotation("a", "b")));
        try (OnFakeEngine fake = new OnFakeEngine("1.42")) {
            assertThat(OnFakeEngine.get(fake.docker.supports(ApiVersion.of(1, 42))))
                    .isTrue();
            assertThat(OnFakeEngine.get(fake.docker.supports(ApiVersion.of(1, 43))))
                    .isFalse();
            assertThat(OnFakeEngine.get(fake.docker.supports(plain))).isTrue();
            assertThat(OnFakeEngine.get(fake.docker.supports(newer))).isFalse();
        }
    }
}
