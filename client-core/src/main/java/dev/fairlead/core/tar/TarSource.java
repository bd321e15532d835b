package dev.fairlead.core.tar;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that a tar can hold: one entry, or all of a tree. May be read any number of times. */
public abstract sealed class TarSource permits TarSource.Single, FileTree {

    TarSource() {}

    /** A file with that content, and a time that is told when it is read. */
    public static TarSource file(String name, byte[] content, Supplier<TarAttributes> attributes) {
        byte[] checked = checked(name);
        return new Single(() -> new TarEntry(
                checked,
                TarEntry.Type.FILE,
                attributes.get(),
                TarEntry.NO_LINK,
                TarEntry.Device.NONE,
                TarContent.of(content)));
    }

    /** A directory. */
    public static TarSource directory(String name, Supplier<TarAttributes> attributes) {
        byte[] checked = checked(name);
        return new Single(() -> new TarEntry(
                checked, TarEntry.Type.DIRECTORY, attributes.get(), TarEntry.NO_LINK, TarEntry.Device.NONE, null));
    }

    /** A symbolic link. */
    public static TarSource symbolicLink(String name, String target, Supplier<TarAttributes> attributes) {
        byte[] checked = checked(name);
        byte[] link = bytes("target", target);
        return new Single(() ->
                new TarEntry(checked, TarEntry.Type.SYMBOLIC_LINK, attributes.get(), link, TarEntry.Device.NONE, null));
    }

    /** All of them, one after the other, as pieces of one tar. The caller closes it. */
    public static TarStream open(List<TarSource> sources) {
        return new TarStream(sources);
    }

    /** A reader at its first entry, which gives up at its next step once it is told to. */
    abstract TarEntries entries(BooleanSupplier stopped);

    /**
     * A name as a tar has it.
     *
     * @throws IllegalArgumentException if it leads out of where the tar will be unpacked
     */
    static byte[] checked(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("name is not a path such as a/b: \"" + name + "\"");
            }
        }
        return bytes("name", name);
    }

    private static byte[] bytes(String what, String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " is empty or holds a zero");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One entry. */
    static final class Single extends TarSource {

        private final Supplier<TarEntry> entry;

        private Single(Supplier<TarEntry> entry) {
            this.entry = entry;
        }

        @Override
        TarEntries entries(BooleanSupplier stopped) {
            Iterator<Supplier<TarEntry>> once = List.of(entry).iterator();
            return new TarEntries() {
                @Override
                public @Nullable TarEntry next() {
                    return once.hasNext() ? once.next().get() : null;
                }

                @Override
                public void close() {}
            };
        }
    }
}
