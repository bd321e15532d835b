package dev.fairlead.benchmarks;

import dev.fairlead.model.OutputFrame;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/** Counts what Fairlead gives of a stream; a chain of operators would count itself too. */
final class FrameCounter extends BaseSubscriber<OutputFrame> {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long wanted;
    private long frames;
    private long bytes;
    private volatile @Nullable Throwable failure;

    /** @param wanted how many frames are asked for; {@link Long#MAX_VALUE} for all */
    FrameCounter(long wanted) {
        this.wanted = wanted;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(wanted);
    }

    @Override
    protected void hookOnNext(OutputFrame frame) {
        if (frames++ == 0) {
            begun.countDown();
        }
        bytes += frame.size();
        if (frames == wanted) {
            enough.countDown();
        }
    }

    @Override
    protected void hookOnError(Throwable problem) {
        failure = problem;
    }

    @Override
    protected void hookFinally(SignalType type) {
        begun.countDown();
        enough.countDown();
        ended.countDown();
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
        check();
    }

    void awaitEnough() throws InterruptedException {
        enough.await();
        check();
    }

    /** The bytes to the end. */
    long awaitBytes() throws InterruptedException {
        ended.await();
        check();
        return bytes;
    }

    private void check() {
        Throwable problem = failure;
        if (problem != null) {
            throw new IllegalStateException("the stream failed", problem);
        }
    }
}
