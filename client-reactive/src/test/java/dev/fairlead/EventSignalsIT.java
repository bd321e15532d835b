package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.model.EventMessage;
import dev.fairlead.testing.Forwarder;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Events of real Engines: a subscriber that stalls, connections that are cut, an Engine that is killed. */
final class EventSignalsIT extends EngineTest {

    private static final Reconnect QUICK = Reconnect.of(how -> how.firstWait(Duration.ofMillis(5)));

    private static final String ACTION = "exec_create: true ";

    /** A subscriber that reads nothing would be too much for an Engine from about the 1,192nd event on. */
    private static final int MANY = 3000;

    private final AtomicInteger made = new AtomicInteger();

    EventSignalsIT(RealEngine engine) {
        super(engine);
    }

    /** Keeps what comes, on whichever thread. */
    private static final class Watcher extends BaseSubscriber<EventSignal> {

        private final List<EventSignal> all = new CopyOnWriteArrayList<>();
        private final long first;
        private volatile @Nullable Throwable failure;

        Watcher(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                request(first);
            }
        }

        @Override
        protected void hookOnNext(EventSignal signal) {
            all.add(signal);
        }

        @Override
        protected void hookOnError(Throwable problem) {
            failure = problem;
        }

        /** The numbers of those that {@link EventSignalsIT#happen} made. */
        List<Integer> numbers() {
            return all.stream()
                    .filter(Event.class::isInstance)
                    .map(signal -> ((Event) signal).message())
                    .filter(event -> event.action().startsWith(ACTION))
                    .map(EventSignalsIT::number)
                    .toList();
        }

        List<Gap> gaps() {
            return all.stream()
                    .filter(Gap.class::isInstance)
                    .map(Gap.class::cast)
                    .toList();
        }

        long reconnections() {
            return all.stream().filter(Reconnected.class::isInstance).count();
        }
    }

    private static int number(EventMessage event) {
        return Integer.parseInt(event.action().substring(ACTION.length()));
    }

    /** A program in a container that is not started makes an event, and next to no work. */
    private Mono<Integer> happening(String id) {
        return Mono.fromSupplier(made::incrementAndGet).flatMap(number -> docker.execs()
                .create(id, exec -> exec.cmd("true", String.valueOf(number)))
                .thenReturn(number));
    }

    private int happen(String id) {
        return get(happening(id));
    }

    private List<Integer> happen(String id, int times) {
        return all(Flux.range(0, times).concatMap(time -> happening(id)));
    }

    private String sleeping() {
        return start(container -> container.cmd("sleep", "100000"));
    }

    /** Until it hears of it: a subscription has no other sign that it is there. */
    private void awaitHearing(Watcher watcher, String id) {
        int before = watcher.numbers().size();
        eventually(() -> {
            happen(id);
            return watcher.numbers().size() > before;
        });
    }

    @NewestEngine
    @Test
    void aSubscriberThatTakesNothingSlowsNobodyAndIsToldWhatItMissed() {
        String id = sleeping();
        happen(id, 100);
        long[] without = times(id, 200);
        try (DockerClient small = client(config -> config.eventBuffer(100))) {
            Watcher watcher = new Watcher(1);
            small.system()
                    .eventSignals(which ->
                            which.filters(filters -> filters.container(id).event("exec_create")))
                    .subscribe(watcher);
            awaitHearing(watcher, id);
            int before = made.get();
            long[] with = times(id, MANY);
            assertThat(median(with))
                    .isLessThan(2 * median(without) + Duration.ofMillis(5).toNanos());
            assertThat(median(Arrays.copyOfRange(with, MANY - 200, MANY)))
                    .isLessThan(2 * median(without) + Duration.ofMillis(5).toNanos());

            Figures.add(engine.version(), "an event, nobody listening, median", Duration.ofNanos(median(without)));
            Figures.add(engine.version(), "an event, a stalled subscriber, median", Duration.ofNanos(median(with)));

            watcher.request(Long.MAX_VALUE);
            eventually(() -> !watcher.gaps().isEmpty());
            Integer after = happen(id);
            eventually(() -> watcher.numbers().contains(after));
            Gap gap = watcher.gaps().get(0);
            assertThat(gap.reason()).isEqualTo(Reason.SLOW_CONSUMER);
            assertThat(gap.from()).isBefore(gap.to());
            List<Integer> heard = watcher.numbers();
            assertThat(heard).doesNotHaveDuplicates();
            int first = heard.get(0);
            long lost = watcher.gaps().stream()
                    .mapToLong(each -> Objects.requireNonNull(each.lost()))
                    .sum();
            assertThat(heard.size() + lost).isEqualTo(after - first + 1);
            // All but the 100 that were kept, and the few that were still under way when it asked again.
            assertThat(lost).isGreaterThan(MANY - 200 - (before - first));
            watcher.cancel();
        }
    }

    @NewestEngine
    @Test
    void aReaderThatReallyStallsSlowsEverybody() throws IOException {
        // Or the test before this one would show nothing.
        String id = sleeping();
        try (SocketChannel stalled =
                SocketChannel.open(UnixDomainSocketAddress.of(engine.host().substring("unix://".length())))) {
            ByteBuffer request = ByteBuffer.wrap(
                    "GET /events HTTP/1.1\r\nHost: stalled\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (request.hasRemaining()) {
                stalled.write(request);
            }
            int slow = 0;
            int happened = 0;
            Duration last = Duration.ZERO;
            while (slow < 5 && happened < 2 * MANY) {
                long time = times(id, 1)[0];
                happened++;
                last = Duration.ofNanos(time);
                slow = time >= Duration.ofMillis(90).toNanos() ? slow + 1 : 0;
            }
            assertThat(slow).isEqualTo(5);
            // In the test before it were as many as would have done.
            assertThat(happened).isBetween(1000, MANY - 200);
            Figures.add(engine.version(), "an event from number " + happened + " on, a raw reader that stalls,", last);
        }
        eventually(() -> times(id, 1)[0] < Duration.ofMillis(90).toNanos());
    }

    private long[] times(String id, int calls) {
        long[] times = new long[calls];
        for (int call = 0; call < calls; call++) {
            long start = System.nanoTime();
            happen(id);
            times[call] = System.nanoTime() - start;
        }
        return times;
    }

    private static long median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void aCutThatTheEngineRemembersLosesNothingAndALongerOneIsAGap() throws IOException {
        String id = sleeping();
        try (Forwarder forwarder = new Forwarder(engine.host());
                DockerClient through = client(config -> config.host(forwarder.host()))) {
            Watcher watcher = new Watcher(Long.MAX_VALUE);
            through.system().eventSignals(which -> {}, QUICK).subscribe(watcher);
            awaitHearing(watcher, id);

            forwarder.refuse(true);
            forwarder.cut();
            List<Integer> remembered = happen(id, 200);
            forwarder.refuse(false);
            Integer last = happen(id);
            eventually(() -> watcher.numbers().contains(last));
            assertThat(watcher.gaps()).isEmpty();
            assertThat(watcher.reconnections()).isEqualTo(1);
            assertThat(watcher.numbers()).containsSubsequence(remembered).doesNotHaveDuplicates();

            forwarder.refuse(true);
            forwarder.cut();
            List<Integer> tooMany = happen(id, 400);
            forwarder.refuse(false);
            Integer end = happen(id);
            eventually(() -> watcher.numbers().contains(end) && !watcher.gaps().isEmpty());
            Gap gap = watcher.gaps().get(0);
            assertThat(gap.reason()).isEqualTo(Reason.RING_OVERFLOW);
            assertThat(gap.lost()).isNull();
            assertThat(watcher.all.get(watcher.all.indexOf(gap) - 1)).isInstanceOf(Reconnected.class);
            List<Integer> heard = watcher.numbers();
            assertThat(heard).doesNotHaveDuplicates();
            assertThat(heard).containsSubsequence(tooMany.subList(400 - 255, 400));
            assertThat(heard).doesNotContainAnyElementsOf(tooMany.subList(0, 400 - 256));
            Map<Integer, Instant> times = timesOf(watcher);
            assertThat(gap.from()).isEqualTo(times.get(last));
            assertThat(gap.to()).isBetween(times.get(last), Objects.requireNonNull(times.get(tooMany.get(400 - 255))));
            watcher.cancel();
            eventually(() -> forwarder.connections() <= 1);
        }
    }

    private static Map<Integer, Instant> timesOf(Watcher watcher) {
        Map<Integer, Instant> times = new java.util.HashMap<>();
        for (EventSignal signal : watcher.all) {
            if (signal instanceof Event event && event.message().action().startsWith(ACTION)) {
                times.put(
                        number(event.message()),
                        Objects.requireNonNull(event.message().timeNano()));
            }
        }
        return times;
    }

    @NewestEngine
    @Test
    void fourThatMakeEventsAtOnceOverFiftyCuts() throws IOException {
        List<String> ids = List.of(sleeping(), sleeping(), sleeping(), sleeping());
        try (Forwarder forwarder = new Forwarder(engine.host());
                DockerClient through = client(config -> config.host(forwarder.host()))) {
            Watcher watcher = new Watcher(Long.MAX_VALUE);
            // Whatever holds up a machine, no more happens meanwhile than the Engine remembers.
            AtomicInteger whole = new AtomicInteger();
            through.system()
                    .eventSignals(which -> which.filters(filters -> filters.event("exec_create")), QUICK)
                    .doOnNext(signal -> {
                        if (signal instanceof Reconnected) {
                            whole.set(made.get());
                        }
                    })
                    .subscribe(watcher);
            awaitHearing(watcher, ids.get(0));

            long start = System.nanoTime();
            AtomicInteger cut = new AtomicInteger();
            List<Integer> given = new CopyOnWriteArrayList<>();
            Mono<Void> emitters = Flux.fromIterable(ids)
                    .flatMap(
                            id -> Flux.range(0, 100_000)
                                    .takeWhile(go -> watcher.reconnections() < 50 && watcher.failure == null)
                                    .concatMap(call -> made.get() - whole.get() < 150
                                            ? happening(id)
                                            : Mono.delay(Duration.ofMillis(5)).then(Mono.empty()))
                                    .doOnNext(given::add),
                            4)
                    .then();
            Mono<Void> cuts = Flux.interval(Duration.ofMillis(40))
                    .onBackpressureDrop()
                    .takeWhile(go -> watcher.reconnections() < 50 && watcher.failure == null)
                    .publishOn(reactor.core.scheduler.Schedulers.boundedElastic(), 1)
                    // Not before the last cut was mended: else there would be fewer.
                    .filter(tick -> watcher.reconnections() == cut.get())
                    .doOnNext(tick -> {
                        cut.incrementAndGet();
                        try {
                            forwarder.cut();
                        } catch (IOException failed) {
                            throw new java.io.UncheckedIOException(failed);
                        }
                    })
                    .then();
            assertThat(Mono.when(emitters, cuts).thenReturn(true).block(LIMIT.multipliedBy(5)))
                    .isTrue();
            Integer last = happen(ids.get(0));
            given.add(last);
            eventually(() -> watcher.numbers().contains(last));

            assertThat(watcher.failure).isNull();
            assertThat(watcher.reconnections()).isGreaterThanOrEqualTo(50);
            assertThat(given).hasSizeGreaterThan(200);
            assertThat(watcher.gaps()).isEmpty();
            assertThat(watcher.numbers()).doesNotHaveDuplicates();
            assertThat(new HashSet<>(watcher.numbers())).containsAll(given);
            Figures.add(
                    engine.version(),
                    given.size() + " events of 4 emitters over 50 cuts, none lost and none twice,",
                    Duration.ofNanos(System.nanoTime() - start));
            watcher.cancel();
        }
    }

    @Test
    void anEngineThatIsKilledAndRestartedIsAGap() throws IOException {
        try (RealEngine mortal = RealEngine.another();
                DockerClient its = client(config -> config.host(mortal.host()))) {
            Watcher watcher = new Watcher(Long.MAX_VALUE);
            its.system().eventSignals(which -> {}, QUICK).subscribe(watcher);
            String before =
                    get(its.volumes().create(volume -> volume.name("before"))).name();
            eventually(() -> heard(watcher, before));
            mortal.kill();
            mortal.restart();
            eventually(() -> watcher.reconnections() == 1 && watcher.gaps().size() == 1);
            Gap gap = watcher.gaps().get(0);
            assertThat(gap.reason()).isEqualTo(Reason.ENGINE_RESTARTED);
            String after =
                    get(its.volumes().create(volume -> volume.name("after"))).name();
            eventually(() -> heard(watcher, after));
            assertThat(watcher.gaps()).hasSize(1);
            assertThat(watcher.failure).isNull();
            Instant last = Objects.requireNonNull(((Event) watcher.all.get(watcher.all.indexOf(gap) - 2))
                    .message()
                    .timeNano());
            assertThat(gap.from()).isEqualTo(last);
            assertThat(gap.to()).isAfter(last);
            watcher.cancel();
        }
    }

    private static boolean heard(Watcher watcher, String id) {
        return watcher.all.stream()
                .anyMatch(signal -> signal instanceof Event event
                        && event.message().actor() != null
                        && event.message().actor().id().equals(id));
    }

    @Test
    void untilCompletes() {
        Instant until =
                Objects.requireNonNull(get(docker.system().info()).systemTime()).plusSeconds(2);
        List<EventSignal> all = all(docker.system().eventSignals(which -> which.until(until)));
        assertThat(all).noneMatch(signal -> signal instanceof Reconnected);
    }
}
