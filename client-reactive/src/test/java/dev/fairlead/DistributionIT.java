package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.testing.RealEngine;
import org.junit.jupiter.api.Test;

/** Questions that no registry answers; those that one does are in {@link RegistryIT}. */
final class DistributionIT extends EngineTest {

    DistributionIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void asksTheRegistryOfTheName() {
        assertThat(failure(DockerException.class, docker.distribution().inspect("127.0.0.1:1/a/b:c")))
                .hasMessageContaining("127.0.0.1:1/v2/");
    }

    @Test
    void refusesWhatIsNoName() {
        failure(InvalidRequest.class, docker.distribution().inspect("A/B"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.distribution().inspect(" "));
    }
}
