package dev.fairlead.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.LayerProgress;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTrackerTest {

    private final ProgressTracker tracker = new ProgressTracker();

    private TransferProgress after(String... messages) {
        for (String message : messages) {
            byte[] json = message.getBytes(StandardCharsets.UTF_8);
            tracker.add(Json.read("test", json, CreateImageInfo.class));
        }
        return tracker.snapshot();
    }

    private static String layer(String id, String status, String detail) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"progressDetail\":{" + detail + "}}";
    }

    private static String bytes(long current, long total) {
        return "\"current\":" + current + ",\"total\":" + total;
    }

    @Test
    void beginsWithNothing() {
        assertThat(tracker.snapshot()).isEqualTo(TransferProgress.NONE);
    }

    @Test
    void aSnapshotIsNotChangedByWhatFollows() {
        TransferProgress first = after(layer("a", "Downloading", bytes(1, 10)));
        after(layer("a", "Downloading", bytes(5, 10)), layer("b", "Waiting", ""));

        assertThat(first.layers())
                .containsExactly(new LayerProgress("a", TransferPhase.DOWNLOADING, "Downloading", 1, 10));
        assertThat(first.done()).isEqualTo(1);
    }

    @Test
    void unpackingDoesNotCountAsMoving() {
        TransferProgress progress =
                after(layer("a", "Downloading", bytes(10, 10)), layer("a", "Extracting", bytes(3, 10)));

        assertThat(progress.layers())
                .containsExactly(new LayerProgress("a", TransferPhase.EXTRACTING, "Extracting", 3, 10));
        assertThat(progress.done()).isEqualTo(10);
        assertThat(progress.total()).isEqualTo(10);
    }

    @Test
    void secondsAreNoBytes() {
        TransferProgress progress = after(
                layer("a", "Downloading", bytes(10, 10)), layer("a", "Extracting", "\"current\":7,\"units\":\"s\""));

        assertThat(progress.layers())
                .containsExactly(new LayerProgress("a", TransferPhase.EXTRACTING, "Extracting", 0, 0));
        assertThat(progress.done()).isEqualTo(10);
    }

    @Test
    void beginsAnewWhenItIsTriedAgain() {
        after(layer("a", "Downloading", bytes(8, 10)), layer("b", "Downloading", bytes(1, 5)));
        TransferProgress retrying = after(layer("a", "Retrying in 5 seconds", ""));

        assertThat(retrying.layers().get(0))
                .isEqualTo(new LayerProgress("a", TransferPhase.RETRYING, "Retrying in 5 seconds", 0, 10));
        assertThat(retrying.done()).isEqualTo(1);
        assertThat(retrying.total()).isEqualTo(15);
        assertThat(after(layer("a", "Downloading", bytes(9, 10))).done()).isEqualTo(10);
    }

    @Test
    void aTotalThatNobodyKnowsIsNone() {
        TransferProgress progress = after(layer("a", "Downloading", bytes(8, 0)));

        assertThat(progress.layers().get(0).total()).isZero();
        assertThat(progress.done()).isEqualTo(8);
        assertThat(progress.total()).isEqualTo(8);
        assertThat(after(layer("a", "Download complete", "")).done()).isEqualTo(8);
    }

    @Test
    void aPushMayReadMoreThanItAnnounced() {
        TransferProgress progress = after(layer("a", "Pushing", bytes(512, 6)));

        assertThat(progress.layers().get(0).total()).isEqualTo(512);
        assertThat(after(layer("a", "Pushed", "")).done()).isEqualTo(512);
    }

    @Test
    void whatIsSaidInOtherWordsIsShownWithItsBytes() {
        TransferProgress progress = after(layer("a", "Herunterladen", bytes(3, 9)));

        assertThat(progress.layers())
                .containsExactly(new LayerProgress("a", TransferPhase.OTHER, "Herunterladen", 3, 9));
        assertThat(progress.done()).isEqualTo(3);
        assertThat(progress.total()).isEqualTo(9);
    }

    @Test
    void aHeadlineIsNoLayer() {
        TransferProgress progress = after("{\"status\":\"Pulling from box\",\"id\":\"latest\"}");

        assertThat(progress.layers()).isEmpty();
        assertThat(progress.message()).isEqualTo("Pulling from box");
    }

    @Test
    void theLastLineOfABuildIsItsMessage() {
        tracker.add(BuildInfo.builder().stream("Step 1/2 : FROM busybox").build());
        tracker.add(BuildInfo.builder().stream("\n").build());

        assertThat(tracker.snapshot().message()).isEqualTo("Step 1/2 : FROM busybox");
        tracker.add(BuildInfo.builder().stream("x".repeat(5_000)).build());
        assertThat(tracker.snapshot().message()).hasSize(2_048);
    }

    @Test
    void remembersNoMoreLayersThanItSays() {
        for (int i = 0; i < ProgressTracker.MOST_LAYERS + 10; i++) {
            after(layer("layer" + i, "Downloading", bytes(1, 2)));
        }

        List<LayerProgress> layers = after(layer("layer0", "Pull complete", "")).layers();
        assertThat(layers).hasSize(ProgressTracker.MOST_LAYERS);
        assertThat(layers.get(0).phase()).isEqualTo(TransferPhase.DONE);
    }

    @Test
    void aManifestInPlaceOfAListIsWhatWasPushed() {
        TransferFacts facts = TransferFacts.any();
        String digest = "sha256:" + "a".repeat(64);
        facts.add(Json.read(
                "test",
                ("{\"progressDetail\":{},\"aux\":{\"manifestPushedInsteadOfIndex\":true,\"originalIndex\":{\"digest\":\"sha256:b\"},"
                                + "\"selectedManifest\":{\"digest\":\"" + digest + "\"}}}")
                        .getBytes(StandardCharsets.UTF_8),
                PushImageInfo.class));

        assertThat(facts.substituted()).isTrue();
        assertThat(facts.pushed()).singleElement().satisfies(pushed -> assertThat(pushed.digest())
                .isEqualTo(digest));
    }

    @Test
    void anImageThatABuildPrintsIsNotTheOneItMakes() {
        TransferFacts facts = TransferFacts.any();
        String id = "sha256:" + "a".repeat(64);
        facts.add(BuildInfo.builder().stream(id + "\n").build());
        facts.add(BuildInfo.builder()
                .id("moby.buildkit.trace")
                .aux("{\"ID\":\"" + id + "\"}")
                .build());

        assertThat(facts.imageId()).isEmpty();
        assertThat(facts.names()).isEmpty();
    }
}
