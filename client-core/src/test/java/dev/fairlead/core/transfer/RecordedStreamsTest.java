package dev.fairlead.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.LayerProgress;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real Engines of each version and each image store have said, and what is made of it. */
class RecordedStreamsTest {

    static Stream<Recorded> recorded() {
        return Recorded.all();
    }

    @Test
    void thereAreSomeOfEachStore() {
        assertThat(Recorded.all().map(Recorded::toString).map(name -> name.substring(0, name.indexOf('/'))))
                .contains("20.10", "26.1", "26.1-containerd", "28.5", "28.5-containerd");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void becomesTheseSnapshots(Recorded recorded) {
        ProgressTracker tracker = new ProgressTracker();
        TransferFacts facts = recorded.isLoad() ? TransferFacts.ofLoad() : TransferFacts.any();
        StringBuilder actual = new StringBuilder();
        for (TransferMessage message : recorded.messages()) {
            tracker.add(message);
            facts.add(message);
            actual.append(text(tracker.snapshot())).append('\n');
        }
        actual.append(text(facts));
        if (!actual.toString().equals(recorded.expected())) {
            recorded.leave(actual.toString());
        }
        assertThat(actual.toString()).isEqualTo(recorded.expected());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void neverDoesMoreThanThereIs(Recorded recorded) {
        ProgressTracker tracker = new ProgressTracker();
        for (TransferMessage message : recorded.messages()) {
            tracker.add(message);
            TransferProgress progress = tracker.snapshot();
            assertThat(progress.done()).isBetween(0L, progress.total());
            for (LayerProgress layer : progress.layers()) {
                assertThat(layer.done()).as(layer.toString()).isBetween(0L, layer.total());
                assertThat(layer.phase()).as(layer.toString()).isNotEqualTo(TransferPhase.OTHER);
            }
        }
    }

    /** Whatever a later Engine chooses to say: the result is found without it. */
    @ParameterizedTest
    @MethodSource("recorded")
    void factsDoNotHangOnWords(Recorded recorded) {
        TransferFacts facts = recorded.isLoad() ? TransferFacts.ofLoad() : TransferFacts.any();
        TransferFacts translated = recorded.isLoad() ? TransferFacts.ofLoad() : TransferFacts.any();
        for (TransferMessage message : recorded.messages()) {
            facts.add(message);
            translated.add(Translation.of(message));
        }
        assertThat(text(translated)).isEqualTo(text(facts));
    }

    private static String text(TransferProgress progress) {
        return progress.layers().stream()
                .map(layer -> layer.id() + " " + layer.phase() + " " + layer.done() + "/" + layer.total())
                .collect(Collectors.joining(
                        ", ", progress.done() + "/" + progress.total() + " [", "] " + progress.message()));
    }

    private static String text(TransferFacts facts) {
        List<String> pushed = facts.pushed().stream()
                .map(result -> result.tag() + "@" + result.digest())
                .toList();
        return """
                pushed %s
                image %s
                id alone %s
                headlines %s
                digests %s
                names %s
                """.formatted(
                        pushed, facts.imageId(), facts.idAlone(), facts.headlines(), facts.digests(), facts.names());
    }
}
