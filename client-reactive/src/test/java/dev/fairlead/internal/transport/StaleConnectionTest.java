package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** A connection that is gone when a call takes it up: what is known of whether anything was sent. {@code PoolTest} has the rest. */
class StaleConnectionTest {

    /** Takes a failure and nothing else. */
    private static final class Failing implements Exchange {

        private final EngineRequest request =
                new EngineRequest("POST /a", "POST", "/a", Map.of(), new Body.Bytes("text/plain", new byte[10]), null);

        @Nullable
        Throwable failure;

        @Override
        public EngineRequest request() {
            return request;
        }

        @Override
        public ContextView context() {
            return Context.empty();
        }

        @Override
        public void onHead(AnswerHead head) {
            throw new AssertionError("an answer");
        }

        @Override
        public void onBytes(ByteBuf bytes) {
            throw new AssertionError("bytes");
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onEnd() {
            throw new AssertionError("an end");
        }

        @Override
        public void onFailure(Throwable cause) {
            failure = cause;
        }
    }

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EngineConnection connection =
            EngineConnection.on(channel, DockerHost.parse("unix:///x/docker.sock"), null);
    private final Failing exchange = new Failing();

    @Test
    void nothingIsSentOnAConnectionThatIsClosedAlready() {
        var unused = channel.close();
        connection.start(exchange);
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(exchange.failure).isInstanceOfSatisfying(ConnectionFailed.class, failure -> {
            assertThat(failure.nothingSent()).isTrue();
            assertThat(failure.isPassing()).isTrue();
            assertThat(failure).hasMessageContaining("before the request was sent");
        });
    }

    @Test
    void whatBecameOfARequestThatWasWrittenIsNotKnown() {
        connection.start(exchange);
        channel.releaseOutbound();
        var unused = channel.close();
        assertThat(exchange.failure).isInstanceOfSatisfying(ConnectionFailed.class, failure -> {
            assertThat(failure.nothingSent()).isFalse();
            assertThat(failure.isPassing()).isTrue();
            assertThat(failure).hasMessageContaining("is not known");
        });
    }
}
