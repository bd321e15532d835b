package dev.fairlead.core.ignore;

import java.util.ArrayDeque;
import java.util.Deque;

/** The shortest path of the same meaning, by its text alone. */
final class CleanPath {

    private CleanPath() {}

    /** Without empty parts and those that are {@code .}, and with as few {@code ..} as can be; {@code .} if nothing is left. */
    static String of(String path) {
        boolean rooted = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            boolean leadsUp = part.equals("..");
            if (leadsUp && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!leadsUp || !rooted) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
