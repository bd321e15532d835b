package dev.fairlead.core.tar;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.UnaryOperator;

/** Where the entries of a copied file or directory go, and under which names: by the rules of {@code docker cp}. */
public final class CopyPlan {

    /** What stands at the end of a path for the content of a directory, and not the directory itself. */
    public static final String CONTENT = ".";

    private final boolean intoDestination;
    private final UnaryOperator<String> names;

    private CopyPlan(boolean intoDestination, UnaryOperator<String> names) {
        this.intoDestination = intoDestination;
        this.names = names;
    }

    /**
     * What a path leads to, before anything is copied to it.
     *
     * @param path the path, for messages
     * @param name its last part
     * @param state what is there
     * @param endsWithSlash whether it says that there is, or will be, a directory
     */
    public record Destination(String path, String name, State state, boolean endsWithSlash) {

        /** What can be at the end of a path. */
        public enum State {
            MISSING,
            DIRECTORY,
            /** A file, or a link to nowhere. */
            OTHER,
            /** A device, a pipe or a socket: nothing that takes a file's content. */
            SPECIAL
        }
    }

    /**
     * The plan for one copy.
     *
     * @param source the last part of the path that is copied, {@link #CONTENT} for what is in a directory
     * @param directory whether a directory is copied
     * @param destination where to
     * @return the plan
     * @throws FileSystemException if the two don't fit together
     */
    public static CopyPlan of(String source, boolean directory, Destination destination) throws FileSystemException {
        return switch (destination.state()) {
            case DIRECTORY -> new CopyPlan(true, CopyPlan::withoutLeadingSlashes);
            case OTHER -> {
                if (directory) {
                    throw new FileAlreadyExistsException(
                            destination.path(), null, "is no directory, and a directory can't take its place");
                }
                yield renamed(source, destination.name());
            }
            case SPECIAL ->
                throw new FileAlreadyExistsException(
                        destination.path(), null, "is a device, a pipe or a socket, and a file can't take its place");
            case MISSING -> {
                if (!directory && destination.endsWithSlash()) {
                    throw new NoSuchFileException(
                            destination.path(), null, "there is no such directory, and what is copied is none either");
                }
                yield renamed(source, destination.name());
            }
        };
    }

    private static CopyPlan renamed(String from, String to) {
        return new CopyPlan(false, entry -> {
            String name = withoutLeadingSlashes(entry);
            // The content of the root has no name of its own that could be another.
            if (from.equals("/")) {
                return to + "/" + name;
            }
            if (name.equals(from)) {
                return to;
            }
            return name.startsWith(from + "/") ? to + name.substring(from.length()) : name;
        });
    }

    /** A copy of the root has names that begin with one. */
    private static String withoutLeadingSlashes(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '/') {
            start++;
        }
        return name.substring(start);
    }

    /** Whether the entries go into the destination, which is a directory then; else they go beside it, one in its place. */
    public boolean intoDestination() {
        return intoDestination;
    }

    /** The name that an entry gets there. */
    public String nameOf(String entry) {
        return names.apply(entry);
    }
}
