package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.Unauthorized;
import dev.fairlead.core.error.Unavailable;
import dev.fairlead.model.JoinTokens;
import dev.fairlead.model.Swarm;
import dev.fairlead.model.SwarmSpec;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class SwarmIT extends EngineTest {

    SwarmIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void leave() {
        done(docker.swarm().leave(how -> how.force(true)).onErrorComplete(Unavailable.class));
    }

    private static JoinTokens tokens(Swarm swarm) {
        return Objects.requireNonNull(swarm.joinTokens());
    }

    private static SwarmSpec spec(Swarm swarm) {
        return Objects.requireNonNull(swarm.spec());
    }

    private static long index(Swarm swarm) {
        return Objects.requireNonNull(swarm.version()).index();
    }

    @Test
    void initFoundsASwarmAsTheOptionsSay() {
        String node = get(docker.swarm().init("0.0.0.0:2388", options -> options.advertiseAddr("192.0.2.1")
                .dataPathPort(7777)
                .defaultAddrPool("10.91.0.0/16")
                .subnetSize(26)
                .spec(spec -> spec.dispatcher(reports -> reports.heartbeatPeriod(Duration.ofSeconds(7)))
                        .orchestration(tasks -> tasks.taskHistoryRetentionLimit(2)))));
        Swarm swarm = get(docker.swarm().inspect());
        assertThat(swarm.id()).isNotEmpty();
        assertThat(swarm.createdAt()).isNotNull();
        assertThat(swarm.dataPathPort()).isEqualTo(7777);
        assertThat(swarm.defaultAddrPool()).containsExactly("10.91.0.0/16");
        assertThat(swarm.subnetSize()).isEqualTo(26);
        assertThat(Objects.requireNonNull(spec(swarm).dispatcher()).heartbeatPeriod())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(Objects.requireNonNull(spec(swarm).orchestration()).taskHistoryRetentionLimit())
                .isEqualTo(2);
        assertThat(Objects.requireNonNull(swarm.tlsInfo()).trustRoot()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(tokens(swarm).worker()).startsWith("SWMTKN-1-");
        assertThat(swarm.toString()).doesNotContain("SWMTKN");
        assertThat(get(docker.nodes().list().single()).id()).isEqualTo(node);
        assertThat(get(docker.system().info()).swarm())
                .satisfies(info ->
                        assertThat(Objects.requireNonNull(info).nodeId()).isEqualTo(node));
        failure(Unavailable.class, docker.swarm().init());
    }

    @Test
    void updateNeedsTheVersionThatIsThere() {
        get(docker.swarm().init());
        Swarm before = get(docker.swarm().inspect());
        SwarmSpec longer = spec(before).toBuilder()
                .orchestration(tasks -> tasks.taskHistoryRetentionLimit(9))
                .build();
        done(docker.swarm().update(index(before), longer));
        Swarm after = get(docker.swarm().inspect());
        assertThat(spec(after)).isEqualTo(longer);
        Conflict late = failure(Conflict.class, docker.swarm().update(index(before), spec(before)));
        assertThat(late.engineMessage()).contains("update out of sequence");
    }

    @Test
    void updateMakesNewTokens() {
        get(docker.swarm().init());
        JoinTokens first = tokens(get(docker.swarm().inspect()));
        done(docker.swarm().updateWith(spec -> {}, options -> options.rotateWorkerToken(true)));
        JoinTokens second = tokens(get(docker.swarm().inspect()));
        assertThat(second.worker()).isNotEqualTo(first.worker());
        assertThat(second.manager()).isEqualTo(first.manager());
        done(docker.swarm().updateWith(spec -> {}, options -> options.rotateManagerToken(true)));
        JoinTokens third = tokens(get(docker.swarm().inspect()));
        assertThat(third.worker()).isEqualTo(second.worker());
        assertThat(third.manager()).isNotEqualTo(second.manager());
    }

    @Test
    void updateWithLosesNothingToOthers() {
        get(docker.swarm().init());
        done(Flux.range(0, 5)
                .flatMap(number -> docker.swarm().updateWith(spec -> spec.label("label" + number, "yes")), 5)
                .then());
        assertThat(spec(get(docker.swarm().inspect())).labels())
                .containsOnlyKeys("label0", "label1", "label2", "label3", "label4");
    }

    @Test
    void locksAndUnlocksARestartedManager() throws Exception {
        get(docker.swarm().init());
        assertThat(get(docker.swarm().unlockKey()).unlockKey()).isEmpty();
        failure(Conflict.class, docker.swarm().unlock("SWMKEY-1-none"));

        done(docker.swarm().updateWith(spec -> spec.encryptionConfig(lock -> lock.autoLockManagers(true))));
        String first = get(docker.swarm().unlockKey()).unlockKey();
        done(docker.swarm().updateWith(spec -> {}, options -> options.rotateManagerUnlockKey(true)));
        String key = get(docker.swarm().unlockKey()).unlockKey();
        assertThat(key).startsWith("SWMKEY-1-").isNotEqualTo(first);

        // The key reaches the node's disk by way of its own agent, a moment after the managers have it.
        SwarmTest.until(docker.nodes().list().collectList(), nodes -> nodes.size() == 1);
        engine.restart();
        failure(Unavailable.class, docker.swarm().inspect());
        failure(Unauthorized.class, docker.swarm().unlock(first));
        done(docker.swarm().unlock(key));
        assertThat(SwarmTest.until(
                                docker.swarm().inspect().onErrorResume(Unavailable.class, electing -> Mono.empty()),
                                swarm -> true)
                        .id())
                .isNotEmpty();
    }

    @Test
    void leaveLeavesAsAManagerByForceOnly() {
        failure(Unavailable.class, docker.swarm().inspect());
        failure(Unavailable.class, docker.swarm().leave());
        get(docker.swarm().init());
        failure(Unavailable.class, docker.swarm().leave());
        done(docker.swarm().leave(how -> how.force(true)));
        failure(Unavailable.class, docker.swarm().inspect());
        failure(Unavailable.class, docker.nodes().list());
    }

    @Test
    void joinRefusesATokenThatIsNone() {
        assertThat(failure(EngineFailure.class, docker.swarm().join("nonsense", List.of("192.0.2.1:2377"))))
                .hasMessageContaining("token");
    }
}
