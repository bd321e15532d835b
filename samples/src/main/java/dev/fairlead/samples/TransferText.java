package dev.fairlead.samples;

import dev.fairlead.model.LayerProgress;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows how far a transfer is: a bar for each layer on a terminal, else a line whenever something is new. */
final class TransferText {

    private static final int BAR = 30;

    private final PrintStream out;
    private final int columns;
    private int shown;
    private final Map<String, TransferPhase> phases = new HashMap<>();
    private String message = "";

    private TransferText(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    /** As suits where the program's output goes. */
    static TransferText onStandardOutput() {
        return Terminal.isInteractive() ? bars(System.out, 80) : lines(System.out);
    }

    /** Bars that are drawn anew in the same place. */
    static TransferText bars(PrintStream out, int columns) {
        return new TransferText(out, columns);
    }

    /** Plain lines. */
    static TransferText lines(PrintStream out) {
        return new TransferText(out, 0);
    }

    void show(TransferProgress progress) {
        if (columns > 0) {
            draw(progress);
        } else {
            tell(progress);
        }
    }

    private void draw(TransferProgress progress) {
        StringBuilder frame = new StringBuilder();
        if (shown > 0) {
            frame.append("\033[").append(shown).append('A');
        }
        List<String> lines = lines(progress);
        lines.forEach(line -> frame.append("\033[2K").append(cut(line)).append('\n'));
        out.print(frame);
        out.flush();
        shown = lines.size();
    }

    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }

    private static List<String> lines(TransferProgress progress) {
        List<String> lines = new ArrayList<>();
        for (LayerProgress layer : progress.layers()) {
            lines.add("%-12s %-11s %s".formatted(layer.id(), word(layer), bar(layer.done(), layer.total())));
        }
        lines.add("%-12s %-11s %s".formatted("", "in all", bar(progress.done(), progress.total())));
        lines.add(Terminal.printable(progress.message()));
        return lines;
    }

    private void tell(TransferProgress progress) {
        for (LayerProgress layer : progress.layers()) {
            if (phases.put(layer.id(), layer.phase()) != layer.phase()) {
                out.println(layer.id() + " " + word(layer) + size(layer.total()));
            }
        }
        if (!progress.message().equals(message)) {
            message = progress.message();
            out.println(Terminal.printable(message));
        }
    }

    /** Ours where the phase is known, which leaves the Engine's for the others. */
    private static String word(LayerProgress layer) {
        return layer.phase() == TransferPhase.OTHER
                ? Terminal.printable(layer.status())
                : layer.phase().name().toLowerCase(Locale.ROOT);
    }

    private static String bar(long done, long total) {
        if (total == 0) {
            return done == 0 ? "" : megabytes(done) + " MB";
        }
        int filled = (int) (BAR * done / total);
        return "[" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + megabytes(done) + "/" + megabytes(total)
                + " MB";
    }

    private static String size(long total) {
        return total == 0 ? "" : " " + megabytes(total) + " MB";
    }

    private static String megabytes(long bytes) {
        return "%.1f".formatted(bytes / 1e6);
    }
}
