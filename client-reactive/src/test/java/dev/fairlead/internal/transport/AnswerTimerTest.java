package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTimerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> late = new ArrayList<>();
    private long now;
    private int tasks;
    private final AnswerTimer timer = new AnswerTimer(counting(channel.eventLoop()), () -> now);

    AnswerTimerTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void tellsWhatIsLateAndOnlyOnce() {
        timer.start(Duration.ofSeconds(10), () -> late.add("first"));
        pass(9_999);
        assertThat(late).isEmpty();
        pass(1);
        assertThat(late).containsExactly("first");
        pass(60_000);
        assertThat(late).containsExactly("first");
    }

    @Test
    void oneTaskServesAllThatComesInTime() {
        for (int time = 0; time < 1000; time++) {
            timer.start(Duration.ofSeconds(10), () -> late.add("late"));
            pass(5);
            timer.stop();
        }
        pass(60_000);
        assertThat(late).isEmpty();
        assertThat(tasks).isEqualTo(1);
        assertThat(waits()).isFalse();
    }

    @Test
    void aLaterOneHasItsWholeTime() {
        timer.start(Duration.ofSeconds(10), () -> late.add("first"));
        pass(9_000);
        timer.stop();
        timer.start(Duration.ofSeconds(10), () -> late.add("second"));
        pass(9_999);
        assertThat(late).isEmpty();
        pass(1);
        assertThat(late).containsExactly("second");
    }

    @Test
    void aShorterOneIsNotKeptWaiting() {
        timer.start(Duration.ofMinutes(2), () -> late.add("answer"));
        timer.start(Duration.ofSeconds(5), () -> late.add("rest of an error"));
        pass(5_000);
        assertThat(late).containsExactly("rest of an error");
        pass(600_000);
        assertThat(late).hasSize(1);
    }

    @Test
    void itsEndLeavesNoTask() {
        timer.start(Duration.ofMinutes(2), () -> late.add("late"));
        timer.end();
        assertThat(waits()).isFalse();
        pass(600_000);
        assertThat(late).isEmpty();
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private boolean waits() {
        return channel.runScheduledPendingTasks() >= 0;
    }

    private EventExecutor counting(EventExecutor loop) {
        return (EventExecutor) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventExecutor.class}, (proxy, method, arguments) -> {
                    tasks += method.getName().equals("schedule") ? 1 : 0;
                    return method.invoke(loop, arguments);
                });
    }
}
