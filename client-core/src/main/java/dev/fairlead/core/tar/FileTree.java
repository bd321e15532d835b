package dev.fairlead.core.tar;

import dev.fairlead.core.ignore.IgnoreRules;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A file, or a directory with all that is in it, as it stands on the disk when it is read: names in the order of their bytes, a
 * directory before what it holds. A hard link becomes a file of its own, a sparse file its full length; sockets are left out, and so is
 * what vanishes while it is read. Extended attributes and capabilities are not kept.
 */
public final class FileTree extends TarSource {

    private final Path root;
    private final byte[] name;
    private final IgnoreRules rules;
    private final Set<String> always;
    private final Set<String> never;
    private final UnaryOperator<TarAttributes> change;

    private FileTree(
            Path root,
            byte[] name,
            IgnoreRules rules,
            Set<String> always,
            Set<String> never,
            UnaryOperator<TarAttributes> change) {
        this.root = root;
        this.name = name;
        this.rules = rules;
        this.always = always;
        this.never = never;
        this.change = change;
    }

    /** What a directory holds, with names relative to it; anything else under its own name. Links to either are followed. */
    public static FileTree contentsOf(Path path) {
        return new FileTree(path, new byte[0], IgnoreRules.none(), Set.of(), Set.of(), UnaryOperator.identity());
    }

    /**
     * A file, link or directory under a name of one's own.
     *
     * @throws IllegalArgumentException if the name is not a relative path
     */
    public static FileTree of(Path path, String name) {
        return new FileTree(path, checked(name), IgnoreRules.none(), Set.of(), Set.of(), UnaryOperator.identity());
    }

    /** Without what the rules leave out. */
    public FileTree without(IgnoreRules excluded) {
        return without(excluded, Set.of(), Set.of());
    }

    /**
     * Without what the rules leave out.
     *
     * @param kept paths below it that are taken in any case, with the directories that lead to them
     * @param dropped paths below it that are never taken
     */
    public FileTree without(IgnoreRules excluded, Set<String> kept, Set<String> dropped) {
        return new FileTree(root, name, excluded, Set.copyOf(kept), Set.copyOf(dropped), change);
    }

    /** With other attributes than those on the disk. */
    public FileTree changed(UnaryOperator<TarAttributes> attributes) {
        return new FileTree(root, name, rules, always, never, attributes);
    }

    Path root() {
        return root;
    }

    IgnoreRules rules() {
        return rules;
    }

    boolean hasName() {
        return name.length > 0;
    }

    /** The name in the tar of what has this path below the root. */
    byte[] nameOf(byte[] relative) {
        if (name.length == 0 || relative.length == 0) {
            return name.length == 0 ? relative : name;
        }
        byte[] whole = new byte[name.length + 1 + relative.length];
        System.arraycopy(name, 0, whole, 0, name.length);
        whole[name.length] = '/';
        System.arraycopy(relative, 0, whole, name.length + 1, relative.length);
        return whole;
    }

    boolean keeps(String path) {
        return always.contains(path);
    }

    boolean drops(String path) {
        return never.contains(path);
    }

    boolean keepsSomethingBelow(String path) {
        return always.stream().anyMatch(kept -> kept.startsWith(path + "/"));
    }

    TarAttributes changed(TarAttributes attributes) {
        return change.apply(attributes);
    }

    @Override
    TarEntries entries(BooleanSupplier stopped) {
        return new TreeWalk(this, stopped);
    }
}
