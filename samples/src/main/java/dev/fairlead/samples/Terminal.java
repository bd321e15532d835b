package dev.fairlead.samples;

import java.io.IOException;
import java.nio.file.Path;

/** What a program has to know of the place that its output goes to. */
public final class Terminal {

    private Terminal() {}

    /** Whether standard output is one that can move its cursor. */
    public static boolean isInteractive() {
        return isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /** A console says nothing of that since JDK 22; where there is no such file, plain lines do. */
    private static boolean isTerminal() {
        try {
            Path output = Path.of("/proc/self/fd/1").toRealPath();
            return output.startsWith("/dev/pts") || output.toString().startsWith("/dev/tty");
        } catch (IOException noSuchFile) {
            return false;
        }
    }

    /** What an Engine says must not move the cursor. */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
