package dev.fairlead.internal;

import dev.fairlead.core.wire.FrameLines;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Makes lines of frames, and asks for a frame only while a line is wanted and none is at hand. */
public final class LineFlux extends FluxOperator<OutputFrame, OutputLine> {

    private final int maximum;
    private final boolean timestamps;

    /** The lines of the frames; see {@link FrameLines}. */
    public LineFlux(Flux<OutputFrame> frames, int maximum, boolean timestamps) {
        super(frames);
        this.maximum = maximum;
        this.timestamps = timestamps;
    }

    @Override
    public void subscribe(CoreSubscriber<? super OutputLine> subscriber) {
        source.subscribe(new Assembly(subscriber, new FrameLines(maximum, timestamps)));
    }

    private static final class Assembly implements CoreSubscriber<OutputFrame>, Subscription {

        private final CoreSubscriber<? super OutputLine> subscriber;
        private final FrameLines lines;
        private final AtomicLong requested = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();

        private @Nullable Subscription upstream;
        private @Nullable Throwable failure;
        private volatile @Nullable OutputFrame arrived;
        private volatile boolean ended;
        private volatile boolean cancelled;
        // Only in the one thread that drains.
        private boolean asked;
        private boolean over;
        private @Nullable OutputLine ahead;

        Assembly(CoreSubscriber<? super OutputLine> subscriber, FrameLines lines) {
            this.subscriber = subscriber;
            this.lines = lines;
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                subscriber.onSubscribe(this);
            }
        }

        @Override
        public void onNext(OutputFrame frame) {
            arrived = frame;
            drain();
        }

        @Override
        public void onError(Throwable problem) {
            failure = problem;
            ended = true;
            drain();
        }

        @Override
        public void onComplete() {
            ended = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.getAndUpdate(now -> Operators.addCap(now, n));
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            cancelUpstream();
        }

        private void cancelUpstream() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        private void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            while (missed != 0) {
                if (!cancelled && !over) {
                    emit();
                }
                missed = work.addAndGet(-missed);
            }
        }

        private void emit() {
            long wanted = requested.get();
            long emitted = 0;
            try {
                while (!cancelled) {
                    // Read before the frame is looked at: none comes after it is set.
                    boolean last = ended;
                    OutputLine line = next(last);
                    if (line == null) {
                        if (last) {
                            finish();
                        } else if (emitted != wanted && !asked && upstream != null) {
                            asked = true;
                            upstream.request(1);
                        }
                        break;
                    }
                    if (emitted == wanted) {
                        ahead = line;
                        break;
                    }
                    emitted++;
                    subscriber.onNext(line);
                }
            } catch (RuntimeException broken) {
                over = true;
                cancelUpstream();
                subscriber.onError(broken);
            }
            if (emitted != 0 && wanted != Long.MAX_VALUE) {
                requested.addAndGet(-emitted);
            }
        }

        /** The next line that is at hand: of the frame that has come or, after the last, of what is left. */
        private @Nullable OutputLine next(boolean last) {
            OutputLine kept = ahead;
            if (kept != null) {
                ahead = null;
                return kept;
            }
            OutputLine line = lines.next();
            OutputFrame frame = arrived;
            if (line == null && frame != null) {
                arrived = null;
                asked = false;
                lines.accept(frame);
                line = lines.next();
            }
            return line != null || !last ? line : lines.end(failure != null);
        }

        private void finish() {
            over = true;
            Throwable problem = failure;
            if (problem != null) {
                subscriber.onError(problem);
            } else {
                subscriber.onComplete();
            }
        }
    }
}
