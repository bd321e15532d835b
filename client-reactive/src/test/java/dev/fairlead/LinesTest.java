package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class LinesTest {

    private static OutputFrame out(String text) {
        return OutputFrame.stdout(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OutputFrame err(String text) {
        return OutputFrame.stderr(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OutputLine line(String text) {
        return OutputLine.of(OutputSource.STDOUT, text);
    }

    @Test
    void aFrameOfManyLinesIsGivenOutAsAskedFor() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append(i).append('\n');
        }
        List<Long> asked = new ArrayList<>();
        Flux<OutputLine> lines = Flux.just(out("first\n"), out(text.toString()), out("last\n"))
                .doOnRequest(asked::add)
                .transform(Lines.of());
        StepVerifier.create(lines, 0)
                .then(() -> assertThat(asked).isEmpty())
                .thenRequest(1)
                .expectNext(line("first"))
                .then(() -> assertThat(asked).containsExactly(1L))
                .thenRequest(10)
                .expectNextCount(10)
                .then(() -> assertThat(asked).containsExactly(1L, 1L))
                .thenRequest(990)
                .expectNextCount(989)
                .expectNext(line("999"))
                .then(() -> assertThat(asked).containsExactly(1L, 1L))
                .thenRequest(1)
                .expectNext(line("last"))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void completionNeedsNoDemandButLinesDo() {
        TestPublisher<OutputFrame> frames = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        StepVerifier.create(frames.flux().transform(Lines.of()), 1)
                .then(() -> frames.next(out("a\nb\nc")))
                .expectNext(line("a"))
                .then(frames::complete)
                .thenRequest(1)
                .expectNext(line("b"))
                .thenRequest(1)
                .expectNext(line("c"))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
        StepVerifier.create(Flux.<OutputFrame>empty().transform(Lines.of()), 0)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void eachStreamHasItsOwnLines() {
        StepVerifier.create(Flux.just(out("a"), err("x"), out("b\r"), err("y\nz"), out("\nc"))
                        .transform(Lines.of()))
                .expectNext(
                        OutputLine.of(OutputSource.STDERR, "xy"),
                        line("ab"),
                        line("c"),
                        OutputLine.of(OutputSource.STDERR, "z"))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aFailureComesAfterWhatWasTorn() {
        Flux<OutputFrame> cut = Flux.just(out("a\nhal")).concatWith(Flux.error(new Truncated("test", "cut")));
        StepVerifier.create(cut.transform(Lines.of()), 1)
                .expectNext(line("a"))
                .thenRequest(1)
                .expectNext(new OutputLine(OutputSource.STDOUT, "hal", true, null, Map.of()))
                .expectError(Truncated.class)
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void cancellingCancelsTheFrames() {
        TestPublisher<OutputFrame> frames = TestPublisher.create();
        StepVerifier.create(frames.flux().transform(Lines.of()))
                .then(() -> frames.next(out("a\nb")))
                .expectNext(line("a"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        frames.assertCancelled();
    }

    @Test
    void linesWithoutTheTimeThatWasSaidFail() {
        TestPublisher<OutputFrame> frames = TestPublisher.create();
        StepVerifier.create(frames.flux().transform(Lines.of(lines -> lines.timestamps(true))))
                .then(() -> frames.next(out("no time\n")))
                .expectError(ProtocolFailure.class)
                .verify(Duration.ofSeconds(10));
        frames.assertCancelled();
    }

    @Test
    void demandFromAnotherThreadLosesNothing() {
        int count = 20_000;
        AtomicLong ahead = new AtomicLong();
        Flux<OutputFrame> frames = Flux.range(0, count)
                .map(number -> out(number + "\n" + number))
                .doOnNext(frame -> assertThat(ahead.incrementAndGet()).isLessThanOrEqualTo(300))
                .subscribeOn(Schedulers.parallel());
        StepVerifier.create(frames.transform(Lines.of())
                        .doOnNext(line -> ahead.decrementAndGet())
                        .publishOn(Schedulers.single(), 128)
                        .count())
                .expectNext(count + 1L)
                .expectComplete()
                .verify(Duration.ofSeconds(60));
    }

    @Test
    void theMaximumIsChecked() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Lines.of(lines -> lines.maxLineBytes(3)))
                .withMessageContaining("bytes");
        StepVerifier.create(Flux.just(out("abcdef\n")).transform(Lines.of(lines -> lines.maxLineBytes(4))))
                .expectNext(new OutputLine(OutputSource.STDOUT, "abcd", true, null, Map.of()), line("ef"))
                .verifyComplete();
    }
}
