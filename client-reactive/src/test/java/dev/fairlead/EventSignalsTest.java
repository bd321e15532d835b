package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.EventsOptions;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

/** Signals of events over real sockets, and what an Engine sent cut after each of its bytes. */
@Timeout(60)
final class EventSignalsTest {

    private static final Reconnect QUICK =
            Reconnect.of(how -> how.firstWait(Duration.ofMillis(1)).jitter(0));

    /** As an Engine of version 28.5 said it. */
    private static final String HEAD = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Api-Version: 1.51",
            "Content-Type: application/json",
            "Docker-Experimental: false",
            "Ostype: linux",
            "Server: Docker/28.5.2+dfsg4 (linux)",
            "Date: Tue, 24 Nov 2026 14:37:22 GMT",
            "Transfer-Encoding: chunked",
            "",
            "");

    private static final long SECOND = 1_795_531_042L;

    /** Before the subscription. */
    private static final String OLD = event(SECOND - 10, 479_278_428, "tag");

    private static final List<String> EVENTS = List.of(
            event(SECOND, 500_000_001, "import"),
            event(SECOND, 500_000_200, "tag"),
            event(SECOND, 500_000_100, "untag"));

    private static final String END = event(SECOND, 900_000_000, "delete");

    private static String event(long second, int nanos, String action) {
        return "{\"Type\":\"image\",\"Action\":\"" + action
                + "\",\"Actor\":{\"ID\":\"sha256:ed82\",\"Attributes\":{\"name\":"
                + "\"busybox:latest\"}},\"scope\":\"local\",\"time\":" + second + ",\"timeNano\":" + second + nanos
                + "}\n";
    }

    private static byte[] answer(List<String> events, boolean ends) {
        StringBuilder text = new StringBuilder(HEAD);
        for (String event : events) {
            text.append(Integer.toHexString(event.length()))
                    .append("\r\n")
                    .append(event)
                    .append("\r\n");
        }
        return text.append(ends ? "0\r\n\r\n" : "").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An Engine on which three events happen, and a fourth when the cuts are over. */
    private static final class Cutting implements FakeEngine.Handler {

        private final AtomicInteger requests = new AtomicInteger();
        private int[] cutAfter = {};

        /** The answer to the request of each number is cut after so many bytes; not, where it is negative. */
        void begin(int... cutAfter) {
            this.cutAfter = cutAfter;
            requests.set(0);
        }

        /** How long the answer to a connection or to a look is. */
        static int length(boolean look) {
            return answer(look).length;
        }

        private static byte[] answer(boolean look) {
            List<String> events = new ArrayList<>();
            if (look) {
                events.add(OLD);
            }
            events.addAll(EVENTS);
            return EventSignalsTest.answer(events, look);
        }

        @Override
        public void handle(Exchange exchange) throws IOException {
            int number = requests.getAndIncrement();
            boolean look = exchange.request().query().get("until") != null;
            byte[] bytes = answer(look);
            if (number < cutAfter.length && cutAfter[number] >= 0) {
                exchange.raw(Arrays.copyOf(bytes, cutAfter[number]));
                exchange.close();
                return;
            }
            exchange.raw(bytes);
            if (look) {
                exchange.endRaw();
                return;
            }
            if (number >= Math.min(1, cutAfter.length)) {
                exchange.raw(new String(EventSignalsTest.answer(List.of(END), false), StandardCharsets.UTF_8)
                        .substring(HEAD.length()));
            }
            exchange.awaitPeerClosed(OnFakeEngine.LIMIT);
        }
    }

    private record Told(
            List<String> actions,
            List<Gap> gaps,
            long reconnections,
            @Nullable Throwable failure) {}

    private static Told told(OnFakeEngine fake, Consumer<EventsOptions.Builder> options) {
        List<EventSignal> all = new ArrayList<>();
        Throwable failure = null;
        try {
            var unused = fake.docker
                    .system()
                    .eventSignals(options, QUICK)
                    .takeUntil(signal -> signal instanceof Event event
                            && event.message().action().equals("delete"))
                    .doOnNext(all::add)
                    .blockLast(OnFakeEngine.LIMIT);
        } catch (DockerException failed) {
            failure = failed;
        }
        return new Told(
                all.stream()
                        .filter(Event.class::isInstance)
                        .map(signal -> ((Event) signal).message().action())
                        .toList(),
                all.stream().filter(Gap.class::isInstance).map(Gap.class::cast).toList(),
                all.stream().filter(Reconnected.class::isInstance).count(),
                failure);
    }

    private static void everything(Told told, int cut) {
        assertThat(told.failure()).as("cut after %d bytes", cut).isNull();
        assertThat(told.actions()).as("cut after %d bytes", cut).containsExactly("import", "tag", "untag", "delete");
        assertThat(told.gaps()).as("cut after %d bytes", cut).isEmpty();
    }

    /** @param cuts where each answer is cut; the last one's is tried everywhere */
    private static void cutAtEveryByte(boolean look, Consumer<EventsOptions.Builder> options, int... cuts)
            throws IOException {
        Cutting engine = new Cutting();
        int number = cuts.length - 1;
        boolean beginning = number == 0 || (look && number == 1);
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine.on("GET", "/events", engine);
            for (int cut = 0; cut <= Cutting.length(look); cut++) {
                cuts[number] = cut;
                engine.begin(cuts);
                Told told = told(fake, options);
                if (beginning && told.failure() != null) {
                    // At the beginning nothing is made anew: it fails as the connection would.
                    assertThat(told.failure()).isInstanceOf(DockerException.class);
                    assertThat(told.actions()).isEmpty();
                    assertThat(cut).isLessThan(look ? HEAD.length() + OLD.length() + 10 : HEAD.length());
                } else {
                    assertThat(!beginning || cut >= HEAD.length()).isTrue();
                    everything(told, cut);
                    assertThat(told.reconnections()).isBetween(1L, 2L);
                }
            }
        }
    }

    /** In the middle of the second event. */
    private static final int IN_THE_SECOND = HEAD.length() + 300;

    @Test
    void aFirstConnectionThatIsCutAnywhereLosesNothing() throws IOException {
        cutAtEveryByte(false, options -> {}, 0);
    }

    @Test
    void aFirstLookThatIsCutAnywhereFailsOrLosesNothing() throws IOException {
        cutAtEveryByte(true, options -> options.since(Instant.ofEpochSecond(SECOND - 5)), IN_THE_SECOND, 0);
    }

    @Test
    void aSecondConnectionThatIsCutAnywhereLosesNothing() throws IOException {
        cutAtEveryByte(false, options -> {}, IN_THE_SECOND, 0);
    }

    @Test
    void aSecondLookThatIsCutAnywhereLosesNothing() throws IOException {
        cutAtEveryByte(true, options -> {}, IN_THE_SECOND, -1, 0);
    }

    @Test
    void cancelClosesTheConnection() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51", config -> config.maxIdle(Duration.ofMillis(50)))) {
            Cutting engine = new Cutting();
            fake.engine.on("GET", "/events", engine);
            engine.begin();
            StepVerifier.create(fake.docker.system().eventSignals(which -> {}))
                    .expectNextCount(4)
                    .thenCancel()
                    .verify(OnFakeEngine.LIMIT);
            fake.engine.awaitOpenConnections(0, OnFakeEngine.LIMIT);
        }
    }

    @Test
    void aClosedClientEndsTheSignals() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            Cutting engine = new Cutting();
            fake.engine.on("GET", "/events", engine);
            engine.begin();
            StepVerifier.create(fake.docker.system().eventSignals(which -> {}))
                    .expectNextCount(4)
                    .then(fake.docker::close)
                    .expectErrorSatisfies(failure ->
                            assertThat(failure).isInstanceOf(ClientClosed.class).hasMessageContaining("closed"))
                    .verify(OnFakeEngine.LIMIT);
        }
    }

    @Test
    void aSubscriberThatTakesNothingNeverStallsTheEngine() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51", config -> config.eventBuffer(4))) {
            dev.fairlead.testing.Gate written = new dev.fairlead.testing.Gate();
            fake.engine.on("GET", "/events", exchange -> {
                var answer = exchange.startChunked(200, Map.of("Date", "Tue, 24 Nov 2026 14:37:22 GMT"));
                if (exchange.request().query().get("until") != null) {
                    answer.end();
                    return;
                }
                StringBuilder many = new StringBuilder();
                for (int at = 0; at < 20_000; at++) {
                    many.append(event(SECOND, 500_000_000 + at, "tag"));
                }
                // 4 MB do not fit into any socket.
                answer.write(many.toString());
                written.open();
                exchange.awaitPeerClosed(OnFakeEngine.LIMIT);
            });
            SignalsSeen seen = new SignalsSeen(0);
            fake.docker.system().eventSignals(which -> {}).subscribe(seen);
            written.await();
            seen.cancel();
        }
    }
}
