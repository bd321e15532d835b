package dev.fairlead.internal.transport;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limit of what a connection waits for, one thing after the other. A task of the event loop that has come too early for the present
 * one is put off when it runs: most answers come in time, and cost no task of their own so. Lives on the event loop.
 */
final class AnswerTimer {

    private final EventExecutor loop;
    private final LongSupplier clock;
    private @Nullable Runnable late;
    private long due;
    private @Nullable ScheduledFuture<?> task;
    private long taskDue;

    AnswerTimer(EventExecutor loop) {
        this(loop, System::nanoTime);
    }

    /** @param clock nanoseconds, by which the loop runs its tasks too */
    AnswerTimer(EventExecutor loop, LongSupplier clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** Runs the task after so long, unless told otherwise before; what was waited for until now is forgotten. */
    void start(Duration limit, Runnable onLate) {
        late = onLate;
        due = clock.getAsLong() + limit.toNanos();
        ScheduledFuture<?> running = task;
        if (running == null) {
            schedule(limit.toNanos());
        } else if (due - taskDue < 0) {
            running.cancel(false);
            schedule(limit.toNanos());
        }
    }

    /** What was waited for has come. */
    void stop() {
        late = null;
    }

    /** Nothing will be waited for any more. */
    void end() {
        late = null;
        ScheduledFuture<?> running = task;
        task = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void schedule(long nanos) {
        taskDue = clock.getAsLong() + nanos;
        task = loop.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
    }

    private void run() {
        task = null;
        Runnable waiting = late;
        if (waiting == null) {
            return;
        }
        long left = due - clock.getAsLong();
        if (left > 0) {
            schedule(left);
        } else {
            late = null;
            waiting.run();
        }
    }
}
