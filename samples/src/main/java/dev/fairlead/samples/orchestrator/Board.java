package dev.fairlead.samples.orchestrator;

import dev.fairlead.samples.Terminal;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Shows how many containers run: on a terminal a bar for each kind and the latest happenings below, else a line for each. */
final class Board {

    private static final int BAR = 30;
    private static final int COLUMNS = 100;
    private static final int LATEST = 5;

    private final PrintStream out;
    private final boolean bars;
    private final Map<String, Map<String, Tally>> running = new HashMap<>();
    private final Deque<String> latest = new ArrayDeque<>();
    private Map<String, Tally> shown = Map.of();
    private int drawn;

    Board(PrintStream out, boolean bars) {
        this.out = out;
        this.bars = bars;
    }

    void show(Report report) {
        if (report instanceof Report.Happened happened) {
            happened(Terminal.printable(happened.text()));
        } else if (report instanceof Report.Running now) {
            running.put(now.engine(), now.tallies());
            running(total());
        }
    }

    private void happened(String text) {
        if (!bars) {
            out.println(text);
            return;
        }
        latest.add(text);
        if (latest.size() > LATEST) {
            latest.remove();
        }
        draw();
    }

    private void running(Map<String, Tally> now) {
        if (now.equals(shown)) {
            return;
        }
        if (bars) {
            shown = now;
            draw();
            return;
        }
        now.forEach((kind, tally) -> {
            // Of each kind a line when it is whole and when it is no longer; what is between is for the bars.
            boolean whole = tally.running() == tally.wanted();
            Tally before = shown.get(kind);
            if (before == null || whole != (before.running() == before.wanted())) {
                out.println(kind + ": " + tally.running() + " of " + tally.wanted() + " run");
            }
        });
        shown = now;
    }

    private Map<String, Tally> total() {
        Map<String, Tally> total = new TreeMap<>();
        running.values().forEach(tallies -> tallies.forEach((kind, tally) -> total.merge(kind, tally, Tally::plus)));
        return total;
    }

    /** In the place of what was drawn before. */
    private void draw() {
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append("\033[").append(drawn).append('A');
        }
        shown.forEach((kind, tally) -> line(frame, bar(kind, tally)));
        latest.forEach(text -> line(frame, text));
        out.print(frame);
        out.flush();
        drawn = shown.size() + latest.size();
    }

    private static void line(StringBuilder frame, String text) {
        frame.append("\033[2K")
                .append(text, 0, Math.min(text.length(), COLUMNS - 1))
                .append('\n');
    }

    private static String bar(String kind, Tally tally) {
        int filled = tally.wanted() == 0 ? BAR : BAR * tally.running() / tally.wanted();
        return "%-20s [%s%s] %d/%d"
                .formatted(kind, "=".repeat(filled), " ".repeat(BAR - filled), tally.running(), tally.wanted());
    }
}
