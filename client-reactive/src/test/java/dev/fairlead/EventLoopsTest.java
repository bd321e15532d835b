package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.Gate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Which event loops calls are answered on: all of them when there are many calls, and the caller's when that has a connection. */
@Timeout(60)
final class EventLoopsTest {

    private static final int AT_ONCE = 8;
    private static final String SUMMARY = "[{\"Id\":\"a\"}]";

    private static Mono<String> threadOfAnswer(OnFakeEngine fake) {
        return fake.docker
                .containers()
                .list()
                .map(found -> Thread.currentThread().getName())
                .single();
    }

    /** As after the negotiation: all that has waited for it goes on at once, on the event loop of its answer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsThatAreMadeOnOneAreSharedOutAndThenStayWhereTheyAre(boolean nativeTransport) throws Exception {
        LoopResources loops = LoopResources.create("shared-out", 2, true);
        try (OnFakeEngine fake =
                new OnFakeEngine("1.51", config -> config.eventLoops(loops).nativeTransport(nativeTransport))) {
            Gate all = new Gate();
            CountDownLatch asked = new CountDownLatch(AT_ONCE);
            fake.engine.on("GET", "/containers/json", exchange -> {
                asked.countDown();
                all.await();
                exchange.answer(200, SUMMARY);
            });
            var answers = fake.docker
                    .system()
                    .ping()
                    .flatMapMany(ping -> Flux.range(0, AT_ONCE).flatMap(each -> threadOfAnswer(fake), AT_ONCE))
                    .collectList()
                    .toFuture();
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            all.open();
            Set<String> threads = new HashSet<>(answers.get(20, TimeUnit.SECONDS));
            assertThat(threads)
                    .hasSize(Math.min(2, Runtime.getRuntime().availableProcessors()))
                    .allSatisfy(name -> assertThat(name).startsWith("shared-out"));
            for (int time = 0; time < 20; time++) {
                staysOnItsLoop(fake);
            }
        } finally {
            loops.disposeLater().block();
        }
    }

    private static void staysOnItsLoop(OnFakeEngine fake) {
        AtomicReference<String> first = new AtomicReference<>();
        List<String> next = OnFakeEngine.get(threadOfAnswer(fake)
                .doOnNext(first::set)
                .flatMapMany(thread -> Flux.range(0, AT_ONCE / 4).concatMap(each -> threadOfAnswer(fake)))
                .collectList());
        assertThat(next).containsOnly(first.get());
    }
}
