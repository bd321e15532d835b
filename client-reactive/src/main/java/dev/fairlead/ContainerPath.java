package dev.fairlead;

import dev.fairlead.core.tar.CopyPlan;
import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside a container, which are those of Unix whatever this machine has. */
final class ContainerPath {

    private ContainerPath() {}

    /** The last part: {@code /} of the root, {@code .} of what ends so and means what is in a directory. */
    static String name(String path) {
        if (meansContent(path)) {
            return CopyPlan.CONTENT;
        }
        String clean = clean(path);
        return clean.equals("/") ? clean : clean.substring(clean.lastIndexOf('/') + 1);
    }

    /** What holds the path. */
    static String parent(String path) {
        String clean = clean(path);
        if (meansContent(path)) {
            return clean;
        }
        int slash = clean.lastIndexOf('/');
        return slash == 0 ? "/" : clean.substring(0, slash);
    }

    private static boolean meansContent(String path) {
        return path.equals(".") || path.endsWith("/.");
    }

    /** A path from the root, without detours and without a slash at its end. */
    static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** Where a link leads to, seen from where it is. */
    static String resolve(String link, String target) {
        return clean(target.startsWith("/") ? target : parent(link) + "/" + target);
    }
}
