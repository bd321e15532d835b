package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.Pushed;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import dev.fairlead.testing.CuttingProxy;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A registry that drops the connection in the middle of a layer, with an Engine of its own. */
abstract class BrokenRegistry extends EngineTest {

    private static final int LAYER = 3_000_000;

    private String registry = "";
    private final List<Process> proxies = new ArrayList<>();

    BrokenRegistry(RealEngine own) {
        super(own);
    }

    @BeforeAll
    void startRegistry() throws IOException {
        registry = engine.registry();
    }

    @AfterEach
    void endProxies() {
        proxies.forEach(Process::destroy);
        proxies.clear();
    }

    @AfterAll
    void stopEngine() {
        engine.close();
    }

    /** Another address of the registry, where so many connections are cut after a third of a layer. */
    private String cutting(int times) throws IOException {
        return proxy(Integer.toString(times));
    }

    private String proxy(String times) throws IOException {
        String port = Integer.toString(engine.port());
        proxies.add(engine.run(
                CuttingProxy.class,
                port,
                registry.substring(registry.indexOf(':') + 1),
                Integer.toString(LAYER / 3),
                times));
        return "127.0.0.1:" + port;
    }

    /** The rest of the name of an image of one layer that the registry has and the Engine has not. */
    private String inRegistry() {
        String rest = "/cut" + System.nanoTime();
        imported(registry + rest);
        get(docker.images().push(registry + rest).result());
        all(docker.images().remove(registry + rest));
        return rest;
    }

    private String imported(String name) {
        byte[] content = new byte[LAYER];
        new Random().nextBytes(content);
        return get(docker.images()
                .importImage(Flux.just(new Tar().file("big", content).end()), to -> to.repo(name)
                        .tag("latest")));
    }

    private static void fails(Class<? extends DockerException> type, Publisher<?> call) {
        assertThat(failure(type, call)).isNotNull();
    }

    @Test
    void aPullThatIsCutOnceGetsThrough() throws IOException {
        String rest = inRegistry();
        List<TransferProgress> seen = new ArrayList<>();

        PulledImage pulled = get(docker.images().pull(cutting(1) + rest).result(seen::add));

        assertThat(pulled.digest()).startsWith("sha256:");
        assertThat(get(docker.images().inspect(pulled.name())).id()).isEqualTo(pulled.id());
        assertThat(phases(seen)).contains(TransferPhase.WAITING);
        if (retriesVisibly()) {
            assertThat(phases(seen)).contains(TransferPhase.RETRYING);
        }
    }

    private static List<TransferPhase> phases(List<TransferProgress> seen) {
        return seen.stream()
                .flatMap(progress -> progress.layers().stream())
                .map(layer -> layer.phase())
                .distinct()
                .toList();
    }

    /** Whether the Engine tells that it tries again. */
    abstract boolean retriesVisibly();

    @Test
    void aPullFailsWhenTheRegistryIsGoneInTheMiddle() throws IOException {
        String rest = inRegistry();
        String one = proxy("gone") + rest;
        String two = proxy("gone") + rest;

        fails(StreamFailed.class, docker.images().pull(one).result());
        fails(StreamFailed.class, docker.images().pull(two).signals());
        fails(NotFound.class, docker.images().inspect(one));
        // Now it is not there from the beginning.
        fails(EngineFailure.class, docker.images().pull(one).result());
    }

    @Test
    void aPushThatIsCutOnceGetsThroughOrFails() throws IOException {
        String name = cutting(1) + "/push" + System.nanoTime() + ":latest";
        imported(name.substring(0, name.lastIndexOf(':')));

        if (retriesPushes()) {
            Pushed pushed = get(docker.images().push(name).result());
            assertThat(pushed.name()).isEqualTo(name);
        } else {
            fails(StreamFailed.class, docker.images().push(name).result());
        }
    }

    /** Whether the Engine pushes a layer again. */
    abstract boolean retriesPushes();
}
