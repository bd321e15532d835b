package dev.fairlead.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/** The guards bite; they are asked directly, and what they saw is taken from them, or each test here would fail. */
@Timeout(60)
class GuardsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seesAnEventLoopBlock(boolean nativeTransport) throws Exception {
        LoopResources loops = LoopResources.create("guarded", 1, true);
        try {
            var blocking = loops.onClient(nativeTransport).submit(sleeping());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> blocking.get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(BlockingOperationError.class);
            assertThatThrownBy(BlockingGuard::failWhenSeen)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Thread.sleep");
            assertThat(BlockingGuard.take()).isEmpty();
        } finally {
            loops.disposeLater(Duration.ZERO, SOON).block(SOON);
        }
    }

    @Test
    void seesASchedulerBlock() {
        assertThatThrownBy(() -> Mono.fromCallable(sleeping())
                        .subscribeOn(Schedulers.parallel())
                        .block(SOON))
                .hasRootCauseInstanceOf(BlockingOperationError.class);
        assertThat(BlockingGuard.take()).hasSize(1);
    }

    @Test
    void letsOtherThreadsBlock() throws Exception {
        sleeping().call();
        assertThat(BlockingGuard.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsReactorNettyWork(boolean nativeTransport) throws Exception {
        LoopResources loops = LoopResources.create("guarded", 1, true);
        try (FakeEngine engine = FakeEngine.tcp()) {
            Connection connection = TcpClient.newConnection()
                    .runOn(loops, nativeTransport)
                    .host("127.0.0.1")
                    .port(engine.port())
                    .connectNow(SOON);
            connection
                    .outbound()
                    .sendString(Mono.just("GET /_ping HTTP/1.1\r\n\r\n"))
                    .then()
                    .block(SOON);
            String answer = connection
                    .inbound()
                    .receive()
                    .asString(StandardCharsets.US_ASCII)
                    .blockFirst(SOON);
            assertThat(answer).startsWith("HTTP/1.1 200 OK");
            connection.disposeNow(SOON);
        } finally {
            loops.disposeLater(Duration.ZERO, SOON).block(SOON);
        }
        assertThat(BlockingGuard.take()).isEmpty();
        assertThat(LeakGuard.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "heap", "unpooled"})
    void findsALeak(String kind) {
        drop(kind);
        assertThatThrownBy(LeakGuard::failWhenSeen)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 leaks")
                .hasMessageContaining("who had it last");
        assertThatCode(LeakGuard::failWhenSeen).doesNotThrowAnyException();
    }

    @Test
    void countsEveryBuffer() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    /** In a method of its own, so that no stack frame holds the buffer any more. */
    private static void drop(String kind) {
        ByteBuf buffer =
                switch (kind) {
                    case "direct" -> ByteBufAllocator.DEFAULT.directBuffer(16);
                    case "heap" -> ByteBufAllocator.DEFAULT.heapBuffer(16);
                    default -> Unpooled.directBuffer(16);
                };
        buffer.touch("who had it last");
    }

    private static Callable<String> sleeping() {
        return () -> {
            Thread.sleep(0);
            return "slept";
        };
    }
}
