package dev.fairlead.benchmarks;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.util.concurrent.CountDownLatch;

/** What docker-java calls with the frames of a stream. */
final class FrameReader extends ResultCallback.Adapter<Frame> {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final long wantedBytes;
    private final int wantedFrames;
    private long bytes;
    private int frames;

    private FrameReader(long wantedBytes, int wantedFrames) {
        this.wantedBytes = wantedBytes;
        this.wantedFrames = wantedFrames;
    }

    /** Counts to the end. */
    static FrameReader counting() {
        return new FrameReader(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Says when so many bytes have come. */
    static FrameReader until(long bytes) {
        return new FrameReader(bytes, Integer.MAX_VALUE);
    }

    /** Takes so many frames and then blocks. */
    static FrameReader stalling(int frames) {
        return new FrameReader(Long.MAX_VALUE, frames);
    }

    @Override
    public void onNext(Frame frame) {
        if (frames++ == 0) {
            begun.countDown();
        }
        bytes += frame.getPayload().length;
        if (bytes >= wantedBytes) {
            enough.countDown();
        }
        if (frames == wantedFrames) {
            enough.countDown();
            block();
        }
    }

    private void block() {
        try {
            goesOn.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    void goOn() {
        goesOn.countDown();
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
        throwFirstError();
    }

    void awaitEnough() throws InterruptedException {
        enough.await();
        throwFirstError();
    }

    @Override
    public void onError(Throwable failure) {
        Allocations.noteThread();
        super.onError(failure);
        ended();
    }

    @Override
    public void onComplete() {
        Allocations.noteThread();
        super.onComplete();
        ended();
    }

    private void ended() {
        begun.countDown();
        enough.countDown();
    }

    long bytes() {
        return bytes;
    }
}
