package dev.fairlead;

import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.LiveAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An answer that filters see: its values and bytes are counted, and its end is told. */
final class FilteredAnswer implements LiveAnswer {

    private final FilteredExchange exchange;
    private final LiveAnswer live;
    private final ExchangeTraffic traffic;
    private final AtomicBoolean taken;
    private final ByteArrayOutputStream refusal = new ByteArrayOutputStream(0);

    FilteredAnswer(FilteredExchange exchange, LiveAnswer live, ExchangeTraffic traffic) {
        this(exchange, live, traffic, new AtomicBoolean());
        // A session whose output nobody takes ends all the same.
        live.whenGone(failure -> {
            if (!taken.get()) {
                end(failure);
            }
        });
    }

    private FilteredAnswer(FilteredExchange exchange, LiveAnswer live, ExchangeTraffic traffic, AtomicBoolean taken) {
        this.exchange = exchange;
        this.live = live;
        this.traffic = traffic;
        this.taken = taken;
    }

    private void end(@Nullable Throwable failure) {
        if (failure == null) {
            exchange.complete();
        } else {
            exchange.failed(failure);
        }
    }

    @Override
    public AnswerHead head() {
        return live.head();
    }

    @Override
    public <T> Subscription deliver(Decoder<T> decoder, CoreSubscriber<? super T> subscriber, Ending ending) {
        if (!taken.compareAndSet(false, true)) {
            // It is refused, and the first one goes on.
            return live.deliver(decoder, subscriber, ending);
        }
        Subscription values = live.deliver(counted(decoder), subscriber, new Ending() {
            @Override
            public Throwable failed(Throwable failure) {
                exchange.failed(failure);
                return ending.failed(failure);
            }

            @Override
            public void completed() {
                if (isRefusal()) {
                    exchange.refused(head(), refusal.toByteArray());
                } else {
                    exchange.complete();
                }
                ending.completed();
            }
        });
        return new Subscription() {
            @Override
            public void request(long count) {
                values.request(count);
            }

            @Override
            public void cancel() {
                if (isRefusal()) {
                    // Whoever reads it has read enough.
                    exchange.refused(head(), refusal.toByteArray());
                } else {
                    exchange.cancelled();
                }
                values.cancel();
            }
        };
    }

    /** Keeps what the Engine says with an error, to tell it when that is over. */
    @SuppressWarnings("unchecked") // Bytes stay bytes.
    private <T> T refused(T body) {
        if (!(body instanceof byte[] bytes)) {
            return body;
        }
        refusal.write(bytes, 0, Math.min(bytes.length, ErrorAnswers.LARGEST_BODY - refusal.size()));
        return (T) exchange.withoutAdded(bytes);
    }

    private boolean isRefusal() {
        return !head().isSuccess() && head().status() != 304;
    }

    private <T> Decoder<T> counted(Decoder<T> decoder) {
        boolean success = head().isSuccess();
        return new Decoder<>() {
            @Override
            public @Nullable T next(ByteBuffer input) {
                int before = input.remaining();
                T value = decoder.next(input);
                traffic.received(before - input.remaining());
                return item(value);
            }

            @Override
            public @Nullable T end() {
                return item(decoder.end());
            }

            private @Nullable T item(@Nullable T value) {
                if (value != null) {
                    traffic.item();
                    return success ? value : refused(value);
                }
                return null;
            }
        };
    }

    @Override
    public long bytesAhead() {
        return live.bytesAhead();
    }

    @Override
    public void whenGone(Consumer<@Nullable Throwable> listener) {
        throw new IllegalStateException("one listener, and it is this answer");
    }

    @Override
    public LiveAnswer webSocket() {
        return new FilteredAnswer(exchange, live.webSocket(), traffic, taken);
    }

    @Override
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        return live.write(Flux.from(source).doOnNext(piece -> traffic.sent(piece.remaining())));
    }

    @Override
    public Mono<Void> closeOutput() {
        return live.closeOutput();
    }

    @Override
    public void close() {
        exchange.cancelled();
        live.close();
    }
}
