package dev.fairlead.core.transfer;

import dev.fairlead.model.LayerProgress;
import dev.fairlead.model.ProgressDetail;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds up messages to how far a transfer is. May be told from one thread and asked from another.
 *
 * <p>Holds a hundred bytes or so for each layer, and {@value #MOST_LAYERS} of them at most: of further ones it takes no notice.
 */
public final class ProgressTracker {
    /** More than the images of any repository have; so many are remembered. */
    public static final int MOST_LAYERS = 4096;

    private static final int LONGEST_MESSAGE = 2048;

    private static final Map<String, TransferPhase> PHASES = Map.ofEntries(
            Map.entry("Pulling fs layer", TransferPhase.WAITING),
            Map.entry("Waiting", TransferPhase.WAITING),
            Map.entry("Preparing", TransferPhase.WAITING),
            Map.entry("Downloading", TransferPhase.DOWNLOADING),
            Map.entry("Verifying Checksum", TransferPhase.VERIFYING),
            Map.entry("Download complete", TransferPhase.DOWNLOADED),
            Map.entry("Extracting", TransferPhase.EXTRACTING),
            Map.entry("Pushing", TransferPhase.UPLOADING),
            Map.entry("Loading layer", TransferPhase.LOADING),
            Map.entry("Already exists", TransferPhase.EXISTS),
            Map.entry("Layer already exists", TransferPhase.EXISTS),
            Map.entry("Skipped foreign layer", TransferPhase.EXISTS),
            Map.entry("Pull complete", TransferPhase.DONE),
            Map.entry("Pushed", TransferPhase.DONE),
            Map.entry("Upload complete", TransferPhase.DONE),
            Map.entry("Complete", TransferPhase.DONE));

    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private String message = "";

    /** Nothing said yet. */
    public ProgressTracker() {}

    /**
     * Takes notice of a message.
     *
     * @param said what the Engine said
     */
    public synchronized void add(TransferMessage said) {
        ProgressDetail detail = said.progressDetail();
        // A layer's messages have a detail, if an empty one; what only has an id, such as a tag's headline, is no
        // layer.
        if (!said.id().isEmpty() && (detail != null || layers.containsKey(said.id()))) {
            if (layers.size() < MOST_LAYERS || layers.containsKey(said.id())) {
                layers.computeIfAbsent(said.id(), id -> new Layer())
                        .update(said.status(), detail == null ? NOTHING : detail);
            }
        } else if (!said.text().isBlank()) {
            String text = said.text().strip();
            message = text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text;
        }
    }

    /**
     * How far it is.
     *
     * @return a value of its own, which later messages don't change
     */
    public synchronized TransferProgress snapshot() {
        long moved = 0;
        long toMove = 0;
        for (Layer layer : layers.values()) {
            moved += layer.moved;
            toMove += Math.max(layer.moved, layer.toMove);
        }
        return new TransferProgress(
                layers.entrySet().stream()
                        .map(entry -> entry.getValue().toProgress(entry.getKey()))
                        .toList(),
                moved,
                toMove,
                message);
    }

    private static final ProgressDetail NOTHING = ProgressDetail.builder().build();

    private static TransferPhase phase(String status) {
        TransferPhase phase = PHASES.get(status);
        if (phase != null) {
            return phase;
        }
        if (status.startsWith("Mounted from")) {
            return TransferPhase.EXISTS;
        }
        return status.startsWith("Retrying in") ? TransferPhase.RETRYING : TransferPhase.OTHER;
    }

    private static final class Layer {
        private TransferPhase phase = TransferPhase.WAITING;
        private String status = "";
        private long done;
        private long total;
        private long moved;
        private long toMove;

        void update(String said, ProgressDetail detail) {
            status = said;
            // A plugin's layer is called downloaded once more when all is done.
            phase = phase.isLast() && phase(said) == TransferPhase.DOWNLOADED ? phase : phase(said);
            // What has units counts no bytes: the containerd image store tells the seconds that it has been unpacking
            // for.
            boolean counted = (detail.current() > 0 || detail.total() > 0)
                    && !detail.unknownFields().containsKey("units");
            if (counted) {
                count(detail.current(), detail.total());
            } else {
                settle();
            }
        }

        private void count(long current, long of) {
            done = current;
            // A push reads more bytes than it had announced, as a tar is larger than its files.
            total = of > 0 ? Math.max(of, current) : 0;
            switch (phase) {
                case DOWNLOADING, UPLOADING, LOADING, OTHER -> {
                    moved = done;
                    toMove = total;
                }
                default -> {}
            }
        }

        /** What the phase means for bytes where none are told. */
        private void settle() {
            switch (phase) {
                case DOWNLOADED, VERIFYING, EXISTS, DONE -> {
                    total = toMove > 0 ? toMove : Math.max(total, done);
                    toMove = Math.max(toMove, moved);
                    moved = toMove;
                    done = total;
                }
                case WAITING, RETRYING -> {
                    done = 0;
                    moved = 0;
                }
                case EXTRACTING -> {
                    done = 0;
                    total = 0;
                }
                default -> {}
            }
        }

        LayerProgress toProgress(String id) {
            return new LayerProgress(id, phase, status, done, total);
        }
    }
}
