package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long the head of an answer may take once it has begun, and only then. */
class HeadWatchTest {

    private final AtomicInteger late = new AtomicInteger();
    private final HeadWatch watch = new HeadWatch(late::incrementAndGet);
    private final EmbeddedChannel channel = new EmbeddedChannel(watch);

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void read(String text) {
        channel.freezeTime();
        channel.writeInbound(Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.US_ASCII));
        channel.releaseInbound();
    }

    @Test
    void aHeadThatHasNotBegunMayTakeAnyTime() {
        channel.freezeTime();
        pass(3_600_000);
        assertThat(late).hasValue(0);
    }

    @Test
    void aHeadThatHasBegunHasToEnd() {
        read("HTTP/1.1 2");
        pass(HeadWatch.LIMIT.toMillis() - 1);
        read("0");
        assertThat(late).hasValue(0);
        pass(1);
        assertThat(late).hasValue(1);
    }

    @Test
    void afterAnInterimAnswerItMayTakeAnyTimeAgain() {
        read("HTTP/1.1 100 Continue");
        watch.restart();
        pass(3_600_000);
        assertThat(late).hasValue(0);
    }

    @Test
    void nobodyIsToldWhenTheHeadIsThere() {
        read("HTTP/1.1 200 OK");
        channel.pipeline().remove(watch);
        pass(3_600_000);
        assertThat(late).hasValue(0);
    }
}
