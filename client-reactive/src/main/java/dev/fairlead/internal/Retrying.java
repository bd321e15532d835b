package dev.fairlead.internal;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * Makes calls again that a lost connection has failed, where that can do no harm: nothing was sent, or it may be done twice.
 *
 * <p>All calls of a client draw on one budget, so that an Engine that is down does not get many times the load that it was down by. A
 * call that goes well gives a tenth of a retry back.
 */
public final class Retrying {

    /** What one retry costs, and a call that goes well earns a tenth of. */
    private static final int RETRY = 10;

    private static final Retrying OFF = new Retrying(1, failed -> Duration.ZERO, 0);

    private final int attempts;
    private final IntFunction<Duration> wait;
    private final int most;
    private final AtomicInteger left;

    /**
     * @param attempts how often a call is made at most
     * @param wait how long to wait after so many attempts that failed, 1 or more
     * @param budget how many retries there may be beyond what is earned
     */
    public Retrying(int attempts, IntFunction<Duration> wait, int budget) {
        this.attempts = attempts;
        this.wait = wait;
        this.most = Math.multiplyExact(budget, RETRY);
        this.left = new AtomicInteger(most);
    }

    /** Makes nothing again. */
    public static Retrying off() {
        return OFF;
    }

    /**
     * Makes a call, and makes it again.
     *
     * @param idempotent whether it may be done twice
     * @param untilClosed what makes a wait fail as soon as the client is closed
     */
    <T> Mono<T> around(Supplier<Mono<T>> call, boolean idempotent, UnaryOperator<Mono<Long>> untilClosed) {
        return attempts < 2 ? call.get() : attempt(call, idempotent, untilClosed, 1);
    }

    private <T> Mono<T> attempt(
            Supplier<Mono<T>> call, boolean idempotent, UnaryOperator<Mono<Long>> untilClosed, int number) {
        return Mono.defer(call).doOnSuccess(answer -> earn()).onErrorResume(failure -> {
            if (number < attempts && mayRepeat(failure, idempotent) && take()) {
                return untilClosed
                        .apply(Mono.delay(wait.apply(number)))
                        .then(attempt(call, idempotent, untilClosed, number + 1));
            }
            return Mono.error(failure);
        });
    }

    private static boolean mayRepeat(Throwable failure, boolean idempotent) {
        return failure instanceof ConnectionFailed failed
                ? failed.isPassing() && (idempotent || failed.nothingSent())
                : failure instanceof Truncated && idempotent;
    }

    private boolean take() {
        return left.getAndUpdate(now -> now < RETRY ? now : now - RETRY) >= RETRY;
    }

    private void earn() {
        if (left.get() < most) {
            left.getAndUpdate(now -> Math.min(most, now + 1));
        }
    }
}
