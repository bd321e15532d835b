package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.wire.ConsoleDecoder;
import dev.fairlead.testing.FakeEngine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The other side writes and closes while nobody asks for it: an event loop that is told of the end again and again must not turn in
 * circles, and what was written has to be there when somebody asks.
 */
class UnreadCloseTest extends TransportFixture {

    private static final int STREAMS = 100;
    private static final int CHUNKS = 8;
    private static final byte[] CHUNK = new byte[16 * 1024];
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final LoopResources oneLoop = LoopResources.create("unread-close", 1, true);

    @OnAllSockets
    void ofAnAnswer(Kind kind) throws Exception {
        engine(kind).on("GET", "/unread", exchange -> {
            var answer = exchange.startChunked(200, Map.of());
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                answer.write(CHUNK);
            }
            answer.end();
            exchange.close();
        });
        costsNothingAndLosesNothing(kind, get("/unread"));
    }

    /** Both directions are closed then: to epoll that is another thing, and it can't be told not to say so. */
    @OnAllSockets
    void ofASessionWhoseInputIsClosed(Kind kind) throws Exception {
        engine(kind).on("POST", "/unread", exchange -> {
            var session = exchange.hijack("application/vnd.docker.raw-stream");
            session.readToEnd();
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                session.write(CHUNK);
            }
            session.close();
        });
        costsNothingAndLosesNothing(kind, hijack("/unread"));
    }

    private void costsNothingAndLosesNothing(Kind kind, EngineRequest request) throws Exception {
        FakeEngine engine = engine(kind);
        try {
            Transport transport = transport(kind, loops(oneLoop));
            List<LiveAnswer> unread = new ArrayList<>();
            for (int count = 0; count < STREAMS; count++) {
                LiveAnswer live = open(transport, request);
                if (request.upgrade() != null) {
                    live.closeOutput().block(LIMIT);
                }
                unread.add(live);
            }
            engine.awaitOpenConnections(0, LIMIT);
            long before = processorTime();
            var unused = Mono.delay(A_SECOND).block();
            assertThat(Duration.ofNanos(processorTime() - before)).isLessThan(A_SECOND.dividedBy(5));

            List<Long> lengths = Flux.fromIterable(unread)
                    .flatMap(UnreadCloseTest::length, STREAMS)
                    .collectList()
                    .block(LIMIT);
            assertThat(lengths).hasSize(STREAMS).containsOnly((long) CHUNKS * CHUNK.length);
        } finally {
            oneLoop.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        }
    }

    private static Mono<Long> length(LiveAnswer live) {
        return live.values(new ConsoleDecoder())
                .map(piece -> (long) piece.size())
                .reduce(Long::sum);
    }

    /** What the event loop has spent so far, in nanoseconds. */
    private static long processorTime() {
        long sum = 0;
        for (var thread : THREADS.dumpAllThreads(false, false, 0)) {
            if (thread.getThreadName().startsWith("unread-close")) {
                sum += THREADS.getThreadCpuTime(thread.getThreadId());
            }
        }
        assertThat(sum).isPositive();
        return sum;
    }
}
