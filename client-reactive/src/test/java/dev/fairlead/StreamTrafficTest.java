package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.ScriptedLog.Form;
import dev.fairlead.ScriptedLog.Taken;
import dev.fairlead.core.error.EventsLost;
import dev.fairlead.core.error.LinesLost;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Gate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What filters see of streams while they go on: what is read ahead of a subscriber, and what is missing. */
@Timeout(60)
final class StreamTrafficTest {

    /** What the README promises of a stream whose subscriber asks for nothing. */
    private static final long BOUND = 256 * 1024;

    private static final int FRAME = 4096;
    private static final String EVENT = "{\"Type\":\"container\",\"Action\":\"start\",\"time\":%d,\"timeNano\":%d}\n";
    private static final long SECOND = 1_795_531_042L;

    /** Remembers the last stream, and the gaps. */
    private static final class Looking implements ExchangeFilter {

        final List<StreamGap> gaps = new CopyOnWriteArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable ExchangeTraffic traffic;

        @Override
        public Mono<ExchangeRequest> before(ExchangeRequest request) {
            if (request.hasOwnConnection()) {
                traffic = request.traffic();
            }
            return Mono.just(request);
        }

        @Override
        public void ended(ExchangeRequest request, ExchangeEnd end) {
            if (request.hasOwnConnection()) {
                over.countDown();
            }
        }

        @Override
        public void gap(StreamGap gap) {
            gaps.add(gap);
        }

        void awaitEnd() {
            try {
                assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }

        ExchangeTraffic traffic() {
            return Objects.requireNonNull(traffic);
        }
    }

    /** Takes one frame and no more until it is told to. */
    private static final class Stalling extends BaseSubscriber<OutputFrame> {

        final AtomicLong taken = new AtomicLong();
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(OutputFrame frame) {
            taken.addAndGet(8L + frame.size());
        }

        @Override
        protected void hookOnComplete() {
            over.countDown();
        }

        @Override
        protected void hookOnError(Throwable failure) {}
    }

    private final Looking looking = new Looking();

    private OnFakeEngine fake() throws Exception {
        return new OnFakeEngine("1.51", config -> config.eventBuffer(4).filter(looking));
    }

    private static byte[] frame() {
        return frames(1);
    }

    private static byte[] frames(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * FRAME);
        for (int at = 0; at < bytes.capacity(); at += FRAME) {
            bytes.put(at, (byte) 1).putInt(at + 4, FRAME - 8);
        }
        return bytes.array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStalledStreamShowsWhatIsReadAheadAndNothingAtItsEnd(boolean cancels) throws Exception {
        try (OnFakeEngine fake = fake()) {
            Gate stalled = new Gate();
            fake.engine.on("GET", "/containers/x/logs", exchange -> {
                var answer =
                        exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"));
                // By one write: frames that come one by one may be read one by one, and then none is ahead.
                answer.writeUntilBlocked(frames(8));
                stalled.open();
                exchange.awaitPeerClosed(OnFakeEngine.LIMIT);
            });
            Stalling reader = new Stalling();
            fake.docker.containers().logs("x").subscribe(reader);
            stalled.await();
            ExchangeTraffic traffic = looking.traffic();
            assertThat(traffic.items()).isEqualTo(1);
            assertThat(traffic.bytesReceived()).isEqualTo(FRAME).isEqualTo(reader.taken.get());
            assertThat(traffic.bytesAhead()).isPositive().isLessThanOrEqualTo(BOUND);
            if (cancels) {
                reader.cancel();
            } else {
                fake.docker.close();
            }
            // The pool's own rests where the client goes on.
            fake.engine.awaitOpenConnections(cancels ? 1 : 0, OnFakeEngine.LIMIT);
            assertThat(traffic.bytesAhead()).isZero();
        }
    }

    @Test
    void whatWasReadAheadIsTakenToTheEnd() throws Exception {
        try (OnFakeEngine fake = fake()) {
            int frames = 8;
            Gate ended = new Gate();
            fake.engine.on("GET", "/containers/x/logs", exchange -> {
                var answer =
                        exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"));
                for (int at = 0; at < frames; at++) {
                    answer.write(frame());
                }
                answer.end();
                ended.open();
            });
            Stalling reader = new Stalling();
            fake.docker.containers().logs("x").subscribe(reader);
            ended.await();
            reader.requestUnbounded();
            assertThat(reader.over.await(20, TimeUnit.SECONDS)).isTrue();
            ExchangeTraffic traffic = looking.traffic();
            assertThat(traffic.bytesReceived()).isEqualTo(reader.taken.get()).isEqualTo((long) frames * FRAME);
            assertThat(traffic.bytesAhead()).isZero();
        }
    }

    private static String event(int nanos) {
        return EVENT.formatted(SECOND, SECOND * 1_000_000_000L + nanos);
    }

    @Test
    void eventsThatWereLostAreAGap() throws Exception {
        try (OnFakeEngine fake = fake()) {
            fake.engine.on("GET", "/events", exchange -> exchange.startChunked(200, Map.of())
                    .write(event(1).repeat(5))
                    .end());
            StepVerifier.create(fake.docker.system().events(), 0)
                    .then(looking::awaitEnd)
                    .thenRequest(4)
                    .expectNextCount(4)
                    .expectError(EventsLost.class)
                    .verify(OnFakeEngine.LIMIT);
            assertThat(looking.gaps)
                    .containsExactly(new StreamGap("GET /events", fake.docker.host(), "EventsLost", 1L));
        }
    }

    @Test
    void aGapOfSignalsIsToldOnce() throws Exception {
        try (OnFakeEngine fake = fake()) {
            AtomicInteger connections = new AtomicInteger();
            fake.engine.on("GET", "/events", exchange -> {
                var answer = exchange.startChunked(200, Map.of("Date", "Tue, 24 Nov 2026 14:37:22 GMT"));
                if (exchange.request().query().get("until") != null) {
                    answer.end(); // As after a restart: it remembers nothing.
                } else if (connections.getAndIncrement() == 0) {
                    answer.write(event(1));
                    exchange.cut();
                } else {
                    answer.write(event(2));
                    exchange.awaitPeerClosed(OnFakeEngine.LIMIT);
                }
            });
            List<EventSignal> signals = fake.docker
                    .system()
                    .eventSignals(events -> {}, Reconnect.of(waits -> waits.firstWait(Duration.ofMillis(1))))
                    .take(4)
                    .collectList()
                    .block(OnFakeEngine.LIMIT);
            assertThat(signals)
                    .hasExactlyElementsOfTypes(
                            EventSignal.Event.class,
                            EventSignal.Reconnected.class,
                            EventSignal.Gap.class,
                            EventSignal.Event.class);
            assertThat(looking.gaps)
                    .containsExactly(new StreamGap("GET /events", fake.docker.host(), "ENGINE_RESTARTED", null));
        }
    }

    @Test
    void linesThatWereLostAreAGapWhateverAFilterThrows() throws Exception {
        ExchangeFilter loud = new ExchangeFilter() {
            @Override
            public void gap(StreamGap gap) {
                throw new AssertionError("gap");
            }
        };
        Instant start = Instant.parse("2026-11-24T10:40:39Z");
        try (OnFakeEngine fake =
                new OnFakeEngine("1.51", config -> config.filter(loud).filter(looking))) {
            List<Taken> entries =
                    Collections.synchronizedList(new ArrayList<>(List.of(new Taken(false, start, "x\n"))));
            ScriptedLog log = new ScriptedLog(Form.FRAMES, entries);
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            StepVerifier.create(fake.docker
                            .containers()
                            .logLines("c", options -> options.follow(true)
                                    .stdout(true)
                                    .resume(Reconnect.of(waits -> waits.firstWait(Duration.ofMillis(1)))))
                            .doOnNext(line -> entries.set(0, new Taken(false, start.plusNanos(1), "y\n"))))
                    .expectNextCount(1)
                    .expectError(LinesLost.class)
                    .verify(OnFakeEngine.LIMIT);
            assertThat(looking.gaps)
                    .containsExactly(new StreamGap("GET /containers/{id}/logs", fake.docker.host(), "LinesLost", null));
        }
    }
}
