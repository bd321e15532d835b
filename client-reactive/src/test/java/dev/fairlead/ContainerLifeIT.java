package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.ContainerState;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerTopResponse;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.model.WaitCondition;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Start, stop, restart, kill, pause, wait, rename, top and resize. */
@OutermostEngines
final class ContainerLifeIT extends EngineTest {

    ContainerLifeIT(RealEngine engine) {
        super(engine);
    }

    private ContainerState state(String id) {
        return Objects.requireNonNull(get(docker.containers().inspect(id)).state());
    }

    @Test
    void startReportsAlreadyStarted() {
        String id = create("sleep 1000");
        assertThat(get(docker.containers().start(id))).isEqualTo(Outcome.CHANGED);
        assertThat(get(docker.containers().start(id))).isEqualTo(Outcome.UNCHANGED);
        assertThat(state(id).status()).isEqualTo(ContainerStatus.RUNNING);
    }

    @Test
    void startTakesDetachKeys() {
        String id = create("sleep 1000");
        assertThat(get(docker.containers().start(id, options -> options.detachKeys("ctrl-x,x"))))
                .isEqualTo(Outcome.CHANGED);
    }

    @Test
    void startReportsTheMissingProgram() {
        String id = create(container -> container.cmd("/nosuch"));
        assertThat(failure(InvalidRequest.class, docker.containers().start(id)).engineMessage())
                .contains("/nosuch");
        assertThat(state(id).exitCode()).isEqualTo(127);
    }

    @Test
    void stopReportsAlreadyStopped() {
        String id = idle();
        assertThat(get(docker.containers().stop(id))).isEqualTo(Outcome.CHANGED);
        assertThat(get(docker.containers().stop(id))).isEqualTo(Outcome.UNCHANGED);
        assertThat(state(id).exitCode()).isZero();
    }

    @Test
    void stopOfANeverStartedContainerChangesNothing() {
        assertThat(get(docker.containers().stop(create("true")))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void stopKillsAfterItsTimeOut() {
        String id = start("trap '' TERM; while :; do sleep 0.05; done");
        assertThat(get(docker.containers().stop(id, options -> options.timeout(Duration.ofSeconds(1)))))
                .isEqualTo(Outcome.CHANGED);
        assertThat(state(id).exitCode()).isEqualTo(137);
    }

    @Test
    void stopWithoutTimeKillsAtOnce() {
        String id = start("trap '' TERM; while :; do sleep 0.05; done");
        assertThat(get(docker.containers().stop(id, options -> options.timeout(Duration.ZERO))))
                .isEqualTo(Outcome.CHANGED);
        assertThat(state(id).exitCode()).isEqualTo(137);
    }

    @Test
    void stopSendsTheChosenSignal() {
        String id = start("trap 'exit 42' USR1; trap '' TERM; echo ready; while :; do sleep 0.05; done");
        ready(id);
        since(42, client -> client.containers().stop(id, options -> options.signal("SIGUSR1")));
        if (has(42)) {
            assertThat(state(id).exitCode()).isEqualTo(42);
        }
    }

    /** Signals are for those that listen: waits until the container has said that it does. */
    private void ready(String id) {
        get(docker.containers().logs(id, logs -> logs.follow(true)).next());
    }

    @Test
    void restartStartsWhatRunsAndWhatDoesNot() {
        String id = start("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        ready(id);
        ContainerState before = state(id);
        done(docker.containers().restart(id));
        ContainerState after = state(id);
        assertThat(after.running()).isTrue();
        assertThat(after.startedAt()).isAfter(Objects.requireNonNull(before.startedAt()));
        assertThat(get(docker.containers().stop(id, options -> options.timeout(Duration.ZERO))))
                .isEqualTo(Outcome.CHANGED);
        done(docker.containers().restart(id, options -> options.timeout(Duration.ofSeconds(1))));
        assertThat(state(id).running()).isTrue();
    }

    @Test
    void restartSendsTheChosenSignal() {
        String id = start("trap 'exit 42' USR1; trap '' TERM; echo ready; while :; do sleep 0.05; done");
        ready(id);
        Mono<ExitStatus> exit = docker.containers()
                .awaitExit(id, wait -> wait.condition(WaitCondition.NEXT_EXIT))
                .cache();
        CompletableFuture<ExitStatus> seen = exit.toFuture();
        since(42, client -> client.containers().restart(id, options -> options.signal("SIGUSR1")));
        if (has(42)) {
            assertThat(seen).succeedsWithin(LIMIT).isEqualTo(new ExitStatus(42));
        }
        seen.cancel(true);
    }

    @Test
    void killEndsWhatRuns() {
        String id = start("sleep 1000");
        done(docker.containers().kill(id));
        assertThat(get(docker.containers().awaitExit(id)).code()).isEqualTo(137);
        assertThat(failure(Conflict.class, docker.containers().kill(id)).engineMessage())
                .contains("not running");
    }

    @Test
    void killSendsTheChosenSignal() {
        String id = start("trap 'exit 3' HUP; echo ready; while :; do sleep 0.05; done");
        ready(id);
        done(docker.containers().kill(id, options -> options.signal("SIGHUP")));
        assertThat(get(docker.containers().awaitExit(id)).code()).isEqualTo(3);
    }

    @Test
    void killRefusesAnUnknownSignal() {
        String id = start("sleep 1000");
        assertThat(failure(InvalidRequest.class, docker.containers().kill(id, options -> options.signal("SIGNOSUCH")))
                        .engineMessage())
                .containsIgnoringCase("signal");
    }

    @Test
    void pauseFreezesUntilUnpaused() {
        String id = idle();
        done(docker.containers().pause(id));
        assertThat(state(id).status()).isEqualTo(ContainerStatus.PAUSED);
        assertThat(failure(Conflict.class, docker.containers().pause(id)).engineMessage())
                .contains("paused");
        assertThat(failure(Conflict.class, docker.execs().create(id, "true")).engineMessage())
                .contains("paused");
        done(docker.containers().unpause(id));
        assertThat(state(id).status()).isEqualTo(ContainerStatus.RUNNING);
        // The Engine takes this for its own failure.
        assertThat(failure(EngineFailure.class, docker.containers().unpause(id)).status())
                .isEqualTo(500);
    }

    @Test
    void awaitExitTellsTheCode() {
        String id = start("exit 7");
        assertThat(get(docker.containers().awaitExit(id))).isEqualTo(new ExitStatus(7));
        assertThat(get(docker.containers().awaitExit(id, wait -> wait.condition(WaitCondition.NOT_RUNNING))))
                .isEqualTo(new ExitStatus(7));
    }

    @Test
    void awaitExitOfANeverStartedContainerEndsAtOnce() {
        assertThat(get(docker.containers().awaitExit(create("true"))).isSuccess())
                .isTrue();
    }

    @Test
    void awaitExitWaitsForTheNextExit() {
        String id = ended("exit 7");
        CompletableFuture<ExitStatus> next = docker.containers()
                .awaitExit(id, wait -> wait.condition(WaitCondition.NEXT_EXIT))
                .toFuture();
        assertThat(next).failsWithin(300, TimeUnit.MILLISECONDS);
        assertThat(get(docker.containers().start(id))).isEqualTo(Outcome.CHANGED);
        assertThat(next).succeedsWithin(LIMIT).isEqualTo(new ExitStatus(7));
    }

    @Test
    void awaitExitWaitsForTheRemoval() {
        String id = ended("exit 7");
        CompletableFuture<ExitStatus> removed = docker.containers()
                .awaitExit(id, wait -> wait.condition(WaitCondition.REMOVED))
                .toFuture();
        assertThat(removed).failsWithin(300, TimeUnit.MILLISECONDS);
        done(docker.containers().remove(id));
        assertThat(removed).succeedsWithin(LIMIT).isEqualTo(new ExitStatus(7));
        failure(NotFound.class, docker.containers().awaitExit(id, wait -> wait.condition(WaitCondition.REMOVED)));
    }

    @Test
    void awaitExitTellsOfAContainerThatIsRemovedMeanwhile() {
        String id = start("sleep 1000");
        CompletableFuture<ExitStatus> exit = docker.containers().awaitExit(id).toFuture();
        assertThat(exit).failsWithin(300, TimeUnit.MILLISECONDS);
        done(docker.containers().remove(id, how -> how.force(true)));
        assertThat(exit).succeedsWithin(LIMIT).isEqualTo(new ExitStatus(137));
    }

    @Test
    void awaitExitTellsOfAFailedStart() {
        String id = create(container -> container.cmd("/nosuch").hostConfig(host -> host.autoRemove(true)));
        CompletableFuture<ExitStatus> removed = docker.containers()
                .awaitExit(id, wait -> wait.condition(WaitCondition.REMOVED))
                .toFuture();
        assertThat(removed).failsWithin(300, TimeUnit.MILLISECONDS);
        failure(InvalidRequest.class, docker.containers().start(id));
        // Exit code and reason: newer Engines tell both, and a reason is no exit.
        assertThat(removed.handle((exit, failure) ->
                        failure instanceof StreamFailed told ? told.engineMessage() : String.valueOf(exit)))
                .succeedsWithin(LIMIT)
                .asString()
                .containsAnyOf("/nosuch", "127");
    }

    @Test
    void awaitExitRefusesAnUnknownConditionWhereTheEngineDoes() {
        String id = create("true");
        Mono<ExitStatus> exit = docker.containers().awaitExit(id, wait -> wait.condition(WaitCondition.of("nosuch")));
        if (has(42)) {
            failure(InvalidRequest.class, exit);
        } else {
            assertThat(get(exit).code()).isZero();
        }
    }

    @Test
    void renameGivesAnotherName() {
        String id = create(container -> container.name("fairlead-old"));
        create(container -> container.name("fairlead-other"));
        done(docker.containers().rename("fairlead-old", "fairlead-new"));
        assertThat(get(docker.containers().inspect("fairlead-new")).id()).isEqualTo(id);
        failure(Conflict.class, docker.containers().rename(id, "fairlead-other"));
        failure(NotFound.class, docker.containers().rename("fairlead-old", "fairlead-x"));
        assertThatThrownBy(() -> docker.containers().rename(id, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }

    @Test
    void topListsProcesses() {
        String id = start("sleep 1000 & sleep 2000");
        ContainerTopResponse processes = get(docker.containers().top(id));
        assertThat(processes.titles()).contains("PID", "CMD");
        assertThat(processes.processes()).isNotEmpty();
        ContainerTopResponse chosen = get(docker.containers().top(id, options -> options.psArgs("-o pid,comm")));
        assertThat(chosen.titles()).containsExactly("PID", "COMMAND");
        failure(Conflict.class, docker.containers().top(ended("true")));
    }

    @Test
    void resizeTellsTheTerminal() {
        String id = start(container -> container
                .tty(true)
                .openStdin(true)
                .cmd("sh", "-c", "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done"));
        ready(id);
        done(docker.containers().resize(id, TerminalSize.of(33, 111)));
        get(docker.containers().awaitExit(id));
        assertThat(text(docker.containers().logs(id))).contains("33 111");
        failure(Conflict.class, docker.containers().resize(id, TerminalSize.of(24, 80)));
    }
}
