package dev.fairlead;

import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.LeakGuard;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A program of its own with little memory: takes a long stream one item a second for a while and then all that comes. */
final class LittleMemory {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** Zeros that end a tar. */
    static final int END_OF_TAR = 1024;

    private LittleMemory() {}

    /**
     * Prints how many bytes came, whether they were the right ones, and how many buffers leaked.
     *
     * @param arguments the Engine, {@code logs} or {@code export}, for how many seconds it is slow
     */
    public static void main(String[] arguments) throws InterruptedException {
        LeakGuard.take();
        Consumer consumer = new Consumer();
        try (DockerClient docker = DockerClient.create(config -> config.host(arguments[0]))) {
            Flux<ByteBuffer> stream = arguments[1].equals("logs")
                    ? docker.containers().logs("x").map(OutputFrame::bytes)
                    : docker.containers().export("x");
            stream.subscribe(consumer);
            var unused = Flux.interval(Duration.ofSeconds(1))
                    .take(Long.parseLong(arguments[2]))
                    .doOnNext(second -> consumer.request(1))
                    .blockLast(LIMIT);
            System.out.println("slow=" + consumer.items);
            consumer.requestUnbounded();
            if (!consumer.ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not end");
            }
        }
        Throwable failure = consumer.failure.get();
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        System.out.println("bytes=" + consumer.bytes + " wrong=" + consumer.wrong + " leaks="
                + LeakGuard.take().size());
    }

    /** The bytes count up, by a prime: wherever they are cut, each piece shows its place. */
    static byte at(long position) {
        return (byte) (position % 251);
    }

    private static final class Consumer extends BaseSubscriber<ByteBuffer> {

        final CountDownLatch ended = new CountDownLatch(1);
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final AtomicLong items = new AtomicLong();
        // Read when it has ended, and written before.
        long bytes;
        long wrong;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Asked for by the clock.
        }

        @Override
        protected void hookOnNext(ByteBuffer piece) {
            int length = piece.remaining();
            // A piece may hold the last of the content and the zeros that end a tar.
            int content = length;
            while (content > 0 && length - content < END_OF_TAR && piece.get(content - 1) == 0) {
                content--;
            }
            if (content > 0 && (piece.get(0) != at(bytes) || piece.get(content - 1) != at(bytes + content - 1))) {
                wrong++;
            }
            bytes += length;
            items.incrementAndGet();
        }

        @Override
        protected void hookOnComplete() {
            ended.countDown();
        }

        @Override
        protected void hookOnError(Throwable problem) {
            failure.set(problem);
            ended.countDown();
        }
    }
}
