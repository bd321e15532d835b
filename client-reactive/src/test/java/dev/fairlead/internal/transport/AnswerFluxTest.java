package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.wire.Decoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class AnswerFluxTest {

    private static final String OPERATION = "GET /things/{id}";

    private final TestPublisher<LiveAnswer> answer = TestPublisher.create();
    private final Recorded live = new Recorded();

    private Flux<String> values() {
        return values(head -> new Nothing());
    }

    private Flux<String> values(Function<AnswerHead, Decoder<String>> decoder) {
        return new AnswerFlux<>(OPERATION, answer.mono(), decoder);
    }

    private static final class Nothing implements Decoder<String> {
        @Override
        public @Nullable String next(ByteBuffer input) {
            return null;
        }

        @Override
        public @Nullable String end() {
            return null;
        }
    }

    /** An answer that tells what it was asked, and gives what it is told to. */
    private static final class Recorded implements LiveAnswer {
        private final List<String> seen = new ArrayList<>();
        private @Nullable CoreSubscriber<? super String> subscriber;
        private @Nullable Ending ending;

        @Override
        public AnswerHead head() {
            return new AnswerHead(200, "");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Subscription deliver(Decoder<T> decoder, CoreSubscriber<? super T> wanted, Ending heard) {
            subscriber = (CoreSubscriber<? super String>) wanted;
            ending = heard;
            return new Subscription() {
                @Override
                public void request(long count) {
                    seen.add("request " + count);
                }

                @Override
                public void cancel() {
                    seen.add("cancel");
                }
            };
        }

        void give(String value) {
            Objects.requireNonNull(subscriber).onNext(value);
        }

        void fail(Throwable failure) {
            Objects.requireNonNull(subscriber)
                    .onError(Objects.requireNonNull(ending).failed(failure));
        }

        void complete() {
            Objects.requireNonNull(subscriber).onComplete();
        }

        @Override
        public long bytesAhead() {
            return 0;
        }

        @Override
        public void whenGone(Consumer<@Nullable Throwable> listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LiveAnswer webSocket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> write(Publisher<ByteBuffer> source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> closeOutput() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            seen.add("close");
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void whatIsAskedForBeforeTheAnswerReachesIt() {
        StepVerifier.create(values(), 2)
                .thenRequest(3)
                .then(() -> answer.next(live).complete())
                .then(() -> assertThat(live.seen).containsExactly("request 5"))
                .then(() -> live.give("a"))
                .expectNext("a")
                .thenRequest(1)
                .then(() -> assertThat(live.seen).containsExactly("request 5", "request 1"))
                .then(live::complete)
                .verifyComplete();
    }

    @Test
    void toAskForNothingIsNoDemand() {
        List<Subscription> subscriptions = new ArrayList<>();
        values().subscribe(new Silent(subscriptions));
        subscriptions.get(0).request(0);
        subscriptions.get(0).request(-1);
        subscriptions.get(0).request(1);
        answer.next(live).complete();
        assertThat(live.seen).containsExactly("request 1");
    }

    @Test
    void cancelledBeforeTheAnswerTheRequestIs() {
        StepVerifier.create(values()).thenCancel().verify();
        answer.assertCancelled();
        assertThat(live.seen).isEmpty();
    }

    @Test
    void anAnswerThatComesAllTheSameIsCancelled() {
        TestPublisher<LiveAnswer> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        AnswerFlux<String> values = new AnswerFlux<>(OPERATION, late.mono(), head -> new Nothing());
        List<Subscription> subscriptions = new ArrayList<>();
        values.subscribe(new Silent(subscriptions));
        subscriptions.get(0).cancel();
        late.next(live);
        assertThat(live.seen).containsExactly("cancel");
    }

    private record Silent(List<Subscription> subscriptions) implements CoreSubscriber<String> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscriptions.add(subscription);
        }

        @Override
        public void onNext(String value) {
            throw new AssertionError(value);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            throw new AssertionError("completed");
        }
    }

    @Test
    void cancelledLaterTheValuesAre() {
        StepVerifier.create(values())
                .then(() -> answer.next(live).complete())
                .then(() -> live.give("a"))
                .expectNext("a")
                .thenCancel()
                .verify();
        assertThat(live.seen).containsExactly("request " + Long.MAX_VALUE, "cancel");
    }

    @Test
    void noAnswerMeansNoValues() {
        StepVerifier.create(values()).then(answer::complete).verifyComplete();
    }

    @Test
    void everyFailureNamesTheOperation() {
        StepVerifier.create(values())
                .then(() -> answer.error(new IllegalStateException("refused")))
                .verifyErrorSatisfies(failure -> assertThat(trace(failure))
                        .startsWith("java.lang.IllegalStateException: refused")
                        .containsOnlyOnce("checkpoint ⇢ " + OPERATION));
    }

    @Test
    void aFailureAmongTheValuesNamesItToo() {
        StepVerifier.create(values())
                .then(() -> answer.next(live).complete())
                .then(() -> live.give("a"))
                .expectNext("a")
                .then(() -> live.fail(new IllegalStateException("cut")))
                .verifyErrorSatisfies(failure -> assertThat(trace(failure))
                        .startsWith("java.lang.IllegalStateException: cut")
                        .containsOnlyOnce("checkpoint ⇢ " + OPERATION));
    }

    @Test
    void aHeadThatFitsNoDecoderClosesTheAnswer() {
        StepVerifier.create(values(head -> {
                    throw new IllegalStateException("unfit");
                }))
                .then(() -> answer.next(live).complete())
                .verifyErrorSatisfies(failure -> assertThat(trace(failure)).contains("unfit", "⇢ " + OPERATION));
        assertThat(live.seen).containsExactly("close");
    }
}
